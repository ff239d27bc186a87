using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Tokens;

/// <summary>Signs access tokens with the key that is active now.</summary>
internal sealed class AccessTokenWriter(SigningKeyRing ring, TimeProvider clock)
{
    /// <summary>RFC 9068: keeps an access token from being taken for any other kind of JWT, and the reverse.</summary>
    public const string TokenType = "at+jwt";

    /// <summary>RFC 8725, section 3.11: a verifier that asks for <see cref="TokenType"/> must not take a one-time token again and again.</summary>
    public const string OneTimeTokenType = "one-time+jwt";

    /// <summary>A token longer than this is refused by our own reader, so it is never written. In characters.</summary>
    public const int MaximumLength = 8192;

    private static readonly Dictionary<string, object> Header = HeaderOf(TokenType);
    private static readonly Dictionary<string, object> OneTimeHeader = HeaderOf(OneTimeTokenType);

    private readonly JsonWebTokenHandler _handler = new();

    /// <exception cref="InvalidOperationException">No key is active; the service reports itself as not ready then.</exception>
    public string Write(AccessToken token)
    {
        var key = ring.Current.FindActive(clock.GetUtcNow()) ?? throw new InvalidOperationException("No signing key is active");
        var claims = JsonSerializer.Serialize(token, AccessTokenJson.Default.AccessToken);
        return _handler.CreateToken(claims, key.Credentials, token.Jti is null ? Header : OneTimeHeader);
    }

    private static Dictionary<string, object> HeaderOf(string type) => new(StringComparer.Ordinal) { [JwtHeaderParameterNames.Typ] = type };
}
