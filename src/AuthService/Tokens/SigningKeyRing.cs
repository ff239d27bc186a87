using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

/// <summary>Holds the current keys and takes over a changed configuration.</summary>
internal sealed class SigningKeyRing : IDisposable
{
    /// <summary>An extended token may live a day, longer than any access token; a retired key stays known that long.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(24);

    private readonly IDisposable? _subscription;
    private readonly string _contentRoot;
    private JwtOptions _options;

    public SigningKeyRing(IOptionsMonitor<JwtOptions> options, IHostEnvironment environment)
    {
        _contentRoot = environment.ContentRootPath;
        _options = options.CurrentValue;
        Current = Read(_options);
        _subscription = options.OnChange(TakeOver);
    }

    public SigningKeySet Current { get; private set; }

    public void Dispose() => _subscription?.Dispose();

    /// <summary>After a faulty change the old options come again; their key files need not be there any more.</summary>
    private void TakeOver(JwtOptions changed)
    {
        if (ReferenceEquals(changed, _options))
            return;
        Current = Read(changed);
        _options = changed;
    }

    private SigningKeySet Read(JwtOptions options) => new(
        [.. options.SigningKeys.Select(key => key.ToKey(_contentRoot))],
        options.AccessTokenLifetime > LongestLifetime ? options.AccessTokenLifetime : LongestLifetime);
}

/// <summary>The configured keys, and which of them signs or verifies at a moment. Pure: the moment is an argument.</summary>
internal sealed class SigningKeySet(IReadOnlyList<SigningKey> keys, TimeSpan longestLifetime)
{
    private readonly Dictionary<string, SigningKey> _byId = keys.ToDictionary(key => key.KeyId, StringComparer.Ordinal);

    public IReadOnlyList<SigningKey> All { get; } = keys;

    /// <summary>The key that signs: of the active ones the one that became active last, of equals the one listed first.</summary>
    public SigningKey? FindActive(DateTimeOffset now)
    {
        SigningKey? active = null;
        foreach (var key in All)
        {
            if (StateOf(key, now) is SigningKeyState.Active && (active is null || key.ActiveFrom > active.ActiveFrom))
                active = key;
        }

        return active;
    }

    /// <summary>From when on no key signs: that can only begin where one retires. Null: never, as far as these keys say.</summary>
    public DateTimeOffset? FindGap(DateTimeOffset now) => FindActive(now) is null
        ? now
        : All.Select(key => key.RetireAfter).Where(end => end > now && end < DateTimeOffset.MaxValue).Order().Cast<DateTimeOffset?>()
            .FirstOrDefault(end => FindActive(end!.Value) is null);

    /// <summary>The key that a token names, as long as it may have signed a token that is still valid.</summary>
    public SigningKey? FindVerifying(string? keyId, DateTimeOffset now) =>
        keyId is not null && _byId.TryGetValue(keyId, out var key) && StateOf(key, now) is not SigningKeyState.Dead ? key : null;

    public IEnumerable<SigningKey> Published(DateTimeOffset now) => All.Where(key => StateOf(key, now) is not SigningKeyState.Dead);

    public SigningKeyState StateOf(SigningKey key, DateTimeOffset now) => key.StateAt(now, longestLifetime);
}
