using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Tokens;

/// <summary>Signs access tokens with the key that is active now.</summary>
internal sealed class AccessTokenWriter(SigningKeyRing ring, TimeProvider clock)
{
    /// <summary>The type of RFC 9068. It prevents confusion between access tokens and other kinds of JWTs.</summary>
    public const string TokenType = "at+jwt";

    /// <summary>RFC 8725, section 3.11: a verifier that requires <see cref="TokenType"/> must not accept a one-time token again and again.</summary>
    public const string OneTimeTokenType = "one-time+jwt";

    /// <summary>The maximum length in characters. This service's own reader refuses a longer token, so none is written.</summary>
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
