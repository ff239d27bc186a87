using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace AuthService.Principals;

/// <summary>What a comparison of a password with a hash showed.</summary>
/// <param name="Matches">Whether it is the password.</param>
/// <param name="UpgradedHash">A hash in today's format to keep instead, when the old one is weaker and the password was right.</param>
/// <param name="IsCut">True when only the first 72 bytes were compared, as the maker of the hash did: the rest proves nothing.</param>
internal readonly record struct PasswordCheck(bool Matches, string? UpgradedHash, bool IsCut = false);

/// <summary>
/// Hashes and compares passwords on as many threads as there are cores and no more, so that a flood of sign-ins waits
/// in the <see cref="HashingQueue"/>, without a database connection, and not in the thread pool.
/// </summary>
internal sealed class PasswordHashing
{
    /// <summary>Of PBKDF2, in a hash that comes from elsewhere: more would let one line of an import keep a core busy at each sign-in.</summary>
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

    /// <summary>Asked before anything is written for the caller.</summary>
    /// <returns>Null when the password would wait too long; otherwise to be disposed once it is hashed.</returns>
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
    /// A mismatch takes as long for no hash, for one that cannot be read, which no password matches, and for one of another kind as for
    /// one of today's. Whoever hangs up meanwhile has been judged all the same.
    /// </summary>
    public async Task<PasswordCheck> CheckAsync(Password password, string? hash, HashingPlace place, CancellationToken requestAborted)
    {
        var (check, wait) = await place.RunAsync(() => CheckNow(password, hash), requestAborted);
        if (wait > TimeSpan.Zero)
        {
            place.Dispose(); // nobody has to wait for this call any more
            await Task.Delay(wait, CancellationToken.None);
        }

        return check;
    }

    /// <summary>Whether it is the password, for somebody who has proved who they are: it takes no longer than it takes.</summary>
    public static Task<bool> MatchesAsync(Password password, string hash, HashingPlace place, CancellationToken requestAborted) =>
        place.RunAsync(() => ForeignPasswords.Verify(password, hash), requestAborted);

    /// <summary>Whether a hash that comes from elsewhere is of a kind that sign-ins are compared with.</summary>
    public static bool Recognizes(string hash) => ForeignPasswords.Recognizes(hash);

    /// <summary>The first measure of today's cost, for those who are tried with another kind before anybody with today's.</summary>
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
