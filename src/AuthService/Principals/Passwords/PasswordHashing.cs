using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace AuthService.Principals.Passwords;

/// <summary>The result of comparing a password with a hash.</summary>
/// <param name="Matches">Whether the password is right.</param>
/// <param name="UpgradedHash">A hash in the current format to store instead; null unless the password was right and the old hash is weaker.</param>
/// <param name="IsCut">
/// True when only the first 72 bytes were compared, because the creator of the hash cut the password there. The rest proves nothing.
/// </param>
internal readonly record struct PasswordCheck(bool Matches, string? UpgradedHash, bool IsCut = false);

/// <summary>
/// Hashes and compares passwords on at most as many threads as there are cores. A flood of sign-ins waits in the <see cref="HashingQueue"/>, without a database
/// connection, and not in the thread pool.
/// </summary>
internal sealed class PasswordHashing
{
    /// <summary>The maximum number of PBKDF2 iterations in an imported hash. With more, one line of an import could keep a core busy at each sign-in.</summary>
    public const int MostIterations = 5_000_000;

    private readonly HashingQueue _queue;
    private readonly RefusalTimes _refusals = new();
    private readonly BcryptPasswords _bcrypt;
    private readonly Lazy<string> _nobodysHash;

    public PasswordHashing(IOptions<PasswordOptions> options, HashingQueue queue)
    {
        _queue = queue;
        _bcrypt = new BcryptPasswords(options.Value.BcryptCost);
        _nobodysHash = new Lazy<string>(CreateNobodysHash);
    }

    /// <summary>Takes a place in the queue, before anything is written for the caller.</summary>
    /// <returns>Null when the password would wait too long; otherwise a place to dispose once it is hashed.</returns>
    public HashingPlace? TryEnter(HashingShare share, HashingCaller caller) => _queue.TryEnter(share, caller.AddressKey);

    /// <returns>Null when the password would wait too long.</returns>
    public async Task<string?> TryHashAsync(Password password, HashingShare share, HashingCaller caller)
    {
        using var place = TryEnter(share, caller);
        return place is null ? null : await HashAsync(password, place, caller.RequestAborted);
    }

    public Task<string> HashAsync(Password password, HashingPlace place, CancellationToken requestAborted) =>
        place.RunAsync(() => _bcrypt.Hash(password), requestAborted);

    /// <summary>
    /// Compares a password with a hash. A mismatch takes the same time without a hash, with an unreadable hash (which matches nothing), and with any kind of
    /// hash. When the caller disconnects during the comparison, the result still counts.
    /// </summary>
    public async Task<PasswordCheck> CheckAsync(Password password, string? hash, HashingPlace place, CancellationToken requestAborted)
    {
        var (check, wait) = await place.RunAsync(() => CheckNow(password, hash), requestAborted);
        if (wait > TimeSpan.Zero)
        {
            place.Dispose(); // other requests need not wait for this one any more
            await Task.Delay(wait, CancellationToken.None);
        }

        return check;
    }

    /// <summary>Returns whether the password is right, for somebody who is already authenticated; the time is not equalized.</summary>
    public static Task<bool> MatchesAsync(Password password, string hash, HashingPlace place, CancellationToken requestAborted) =>
        place.RunAsync(() => ForeignPasswords.Verify(password, hash), requestAborted);

    /// <summary>Returns whether an imported hash is of a supported kind.</summary>
    public static bool Recognizes(string hash) => ForeignPasswords.Recognizes(hash);

    /// <summary>
    /// Creates a hash that no password matches, and measures the current cost with it. So the measurement exists even when other kinds of hashes are compared
    /// first.
    /// </summary>
    private string CreateNobodysHash()
    {
        var start = Stopwatch.GetTimestamp();
        var hash = _bcrypt.Hash(NobodysPassword());
        _refusals.Add(ForeignPasswords.KindOf(hash), Stopwatch.GetElapsedTime(start));
        return hash;
    }

    private static Password NobodysPassword() =>
        Password.TryParse(Tokens.RefreshToken.New().Reveal(), out var password) ? password : throw new InvalidOperationException();

    private (PasswordCheck Check, TimeSpan Wait) CheckNow(Password password, string? hash)
    {
        var nobodys = _nobodysHash.Value;
        var known = hash is not null && Recognizes(hash) ? hash : null;
        var start = Stopwatch.GetTimestamp();
        if (!ForeignPasswords.Verify(password, known ?? nobodys) || known is null)
        {
            var wait = _refusals.Add(ForeignPasswords.KindOf(known ?? nobodys), Stopwatch.GetElapsedTime(start));
            return (new PasswordCheck(Matches: false, UpgradedHash: null), wait);
        }

        var isCut = BcryptPasswords.IsCut(password, known);
        return (new PasswordCheck(Matches: true, !isCut && IsOutdated(known) ? _bcrypt.Hash(password) : null, isCut), TimeSpan.Zero);
    }

    private bool IsOutdated(string hash) => !BcryptPasswords.Recognizes(hash) || _bcrypt.IsOutdated(hash);
}
