using AuthService.Configuration;

namespace AuthService.Tokens;

/// <summary>
/// Refuses changes that give a key id another key, or a key another id. A token names its key by the id, and receivers cache the keys for hours, so they would
/// refuse old and new tokens. Such pairs also appear for a moment when keys in several files are swapped one file at a time.
/// </summary>
internal sealed class SigningKeyChange(IHostEnvironment environment) : IChangeRule<JwtOptions>
{
    public IEnumerable<string> FindFaults(JwtOptions inForce, JwtOptions changed)
    {
        var known = inForce.SigningKeys.Select(Identify).ToList();
        foreach (var (i, (keyId, thumbprint, algorithm)) in changed.SigningKeys.Select(Identify).Index())
        {
            var place = $"{JwtOptions.Section}:{nameof(JwtOptions.SigningKeys)}:{i}";
            if (known.Find(key => key.KeyId == keyId) is { KeyId: not null } same)
            {
                if (same.Thumbprint != thumbprint)
                    yield return $"{place}: the KeyId \"{keyId}\" is in use with another key; give the new key another name";
                else if (same.Algorithm != algorithm)
                    yield return $"{place}: the KeyId \"{keyId}\" is in use with {same.Algorithm}; add another key for {algorithm}";
            }
            else if (known.Find(key => key.Thumbprint == thumbprint) is { KeyId: { } name })
                yield return $"{place}: the key of \"{keyId}\" is that of \"{name}\"; a key keeps its name";
        }
    }

    /// <returns>The id and the thumbprint of RFC 7638, which covers no private part; for a shared secret it covers the secret's bytes.</returns>
    private (string KeyId, string Thumbprint, string Algorithm) Identify(SigningKeyOptions key) =>
        (key.KeyId, Convert.ToHexString(key.ToKey(environment.ContentRootPath).Credentials.Key.ComputeJwkThumbprint()), key.Algorithm);
}
