using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace AuthService.Principals;

/// <summary>What a comparison of a password with a hash showed.</summary>
/// <param name="Matches">Whether it is the password.</param>
/// <param name="UpgradedHash">A hash in today's format to keep instead, when the old one is weaker and the password was right.</param>
internal readonly record struct PasswordCheck(bool Matches, string? UpgradedHash);

/// <summary>
/// Hashes and compares passwords on as many threads as there are cores and no more, so that a flood of sign-ins queues
/// here, without a database connection, and not in the thread pool.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    /// <summary>Of PBKDF2, in a hash that comes from elsewhere: more would let one line of an import keep a core busy at each sign-in.</summary>
    public const int MostIterations = 5_000_000;

    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);
    private readonly BcryptPasswords? _bcrypt;
    private readonly Lazy<string> _nobodysHash;
    private readonly HashingMetrics _metrics;

    public PasswordHashing(IOptions<PasswordOptions> options, HashingMetrics metrics)
    {
        _metrics = metrics;
        _bcrypt = BcryptPasswords.IsAvailable ? new BcryptPasswords(options.Value.BcryptCost) : null;
        _nobodysHash = new Lazy<string>(() => HashNow(NobodysPassword()));
    }

    public Task<string> HashAsync(Password password) => RunAsync(() => HashNow(password));

    /// <summary>Takes as long for no hash, and for one that cannot be read, which no password matches, as for one of today's.</summary>
    public Task<PasswordCheck> CheckAsync(Password password, string? hash) => RunAsync(() => CheckNow(password, hash));

    /// <summary>Whether a hash that comes from elsewhere is of a kind that sign-ins are compared with.</summary>
    public static bool Recognizes(string hash) =>
        BcryptPasswords.Recognizes(hash) || Pbkdf2Passwords.Recognizes(hash) || IdentityPasswords.Recognizes(hash);

    public void Dispose() => _cores.Dispose();

    private static Password NobodysPassword() =>
        Password.TryParse(Tokens.RefreshToken.New().Reveal(), out var password) ? password : throw new InvalidOperationException();

    private async Task<T> RunAsync<T>(Func<T> work)
    {
        _metrics.WaitBegan();
        await _cores.WaitAsync();
        _metrics.WaitEnded();
        var start = Stopwatch.GetTimestamp();
        try
        {
            // On a thread of its own: the pool has one for each core, and takes half a second to add one for everybody else.
            return await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _cores.Release();
            _metrics.Worked(Stopwatch.GetElapsedTime(start));
        }
    }

    private string HashNow(Password password) => _bcrypt?.Hash(password) ?? IdentityPasswords.Hash(password);

    private PasswordCheck CheckNow(Password password, string? hash)
    {
        var known = hash is not null && Recognizes(hash) ? hash : null;
        var matches = Verify(password, known ?? _nobodysHash.Value) && known is not null;
        return new PasswordCheck(matches, matches && IsOutdated(password, known!) ? HashNow(password) : null);
    }

    private static bool Verify(Password password, string hash)
    {
        if (BcryptPasswords.Recognizes(hash))
            return BcryptPasswords.IsAvailable && BcryptPasswords.Verify(password, hash);
        return Pbkdf2Passwords.Recognizes(hash) ? Pbkdf2Passwords.Verify(password, hash) : IdentityPasswords.Verify(password, hash);
    }

    private bool IsOutdated(Password password, string hash) => _bcrypt is null
        ? !IdentityPasswords.Recognizes(hash) || IdentityPasswords.IsOutdated(password, hash)
        : !BcryptPasswords.Recognizes(hash) || _bcrypt.IsOutdated(hash);
}
