using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

/// <summary>Holds the current keys and replaces them when the configuration changes.</summary>
internal sealed class SigningKeyRing : IDisposable
{
    /// <summary>The longest lifetime of an extended token: a day, usually longer than that of access tokens. A retired key stays known that long.</summary>
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

    /// <summary>Replaces the keys. After an invalid change the old options are reported again, and their key files may be missing by then.</summary>
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

/// <summary>Decides which of the configured keys signs or verifies at a given time. Pure: the time is an argument.</summary>
internal sealed class SigningKeySet(IReadOnlyList<SigningKey> keys, TimeSpan longestLifetime)
{
    private readonly Dictionary<string, SigningKey> _byId = keys.ToDictionary(key => key.KeyId, StringComparer.Ordinal);

    public IReadOnlyList<SigningKey> All { get; } = keys;

    /// <summary>Finds the key that signs: the active key that became active last; among equals, the first in the list.</summary>
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

    /// <summary>Finds the time from which no key signs, which is always the time when a key retires. Null when the configured keys leave no such gap.</summary>
    public DateTimeOffset? FindGap(DateTimeOffset now) => FindActive(now) is null
        ? now
        : All.Select(key => key.RetireAfter).Where(end => end > now && end < DateTimeOffset.MaxValue).Order().Cast<DateTimeOffset?>()
            .FirstOrDefault(end => FindActive(end!.Value) is null);

    /// <summary>Finds the key that a token names, as long as the key may have signed a token that is still valid.</summary>
    public SigningKey? FindVerifying(string? keyId, DateTimeOffset now) =>
        keyId is not null && _byId.TryGetValue(keyId, out var key) && StateOf(key, now) is not SigningKeyState.Dead ? key : null;

    public IEnumerable<SigningKey> Published(DateTimeOffset now) => All.Where(key => StateOf(key, now) is not SigningKeyState.Dead);

    public SigningKeyState StateOf(SigningKey key, DateTimeOffset now) => key.StateAt(now, longestLifetime);
}
