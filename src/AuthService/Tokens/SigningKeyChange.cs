using AuthService.Configuration;

namespace AuthService.Tokens;

/// <summary>
/// A token names its key by the key id, which others keep for hours: with another key of that name its tokens are refused, and new ones too. Keys that
/// stand in several files change places one file at a time, and a service that looks in between would find such pairs.
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

    /// <returns>The thumbprint of RFC 7638, in which no private part is; of a shared secret it is one of its bytes.</returns>
    private (string KeyId, string Thumbprint, string Algorithm) Identify(SigningKeyOptions key) =>
        (key.KeyId, Convert.ToHexString(key.ToKey(environment.ContentRootPath).Credentials.Key.ComputeJwkThumbprint()), key.Algorithm);
}
