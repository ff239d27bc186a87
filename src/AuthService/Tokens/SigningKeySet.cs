using System.Collections.Frozen;

namespace AuthService.Tokens;

/// <summary>The configured keys, and which of them signs or verifies at a moment. Pure: the moment is an argument.</summary>
internal sealed class SigningKeySet(IReadOnlyList<SigningKey> keys, TimeSpan longestLifetime)
{
    private readonly FrozenDictionary<string, SigningKey> _byId = keys.ToFrozenDictionary(key => key.KeyId, StringComparer.Ordinal);

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

    /// <summary>The key that a token names, as long as it may have signed a living token.</summary>
    public SigningKey? FindVerifying(string? keyId, DateTimeOffset now) =>
        keyId is not null && _byId.TryGetValue(keyId, out var key) && StateOf(key, now) is not SigningKeyState.Dead ? key : null;

    public IEnumerable<SigningKey> Published(DateTimeOffset now) => All.Where(key => StateOf(key, now) is not SigningKeyState.Dead);

    public SigningKeyState StateOf(SigningKey key, DateTimeOffset now) => key.StateAt(now, longestLifetime);
}
