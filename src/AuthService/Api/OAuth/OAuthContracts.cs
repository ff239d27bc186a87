using System.Text.Json.Serialization;
using AuthService.Applications;
using AuthService.Delegation;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Tokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Api.OAuth;

/// <param name="Token">An access token, a refresh token or an app token.</param>
/// <param name="TokenTypeHint">Ignored, because the service recognises each kind of token by its form.</param>
internal sealed record TokenRequest(string Token, [property: JsonPropertyName("token_type_hint")] string? TokenTypeHint)
{
    /// <summary>The id of the calling service, when it sends neither a bearer token nor Basic credentials.</summary>
    [JsonPropertyName("client_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    /// <summary>An API key of that service.</summary>
    [JsonPropertyName("client_secret")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientSecret { get; init; }
}

/// <summary>
/// The members of RFC 7662 for a token, and the further claims of our access tokens under their names. A token that is not active has only <c>active</c>.
/// </summary>
/// <param name="Active">Whether the token is valid now.</param>
internal sealed record IntrospectionResponse(bool Active)
{
    public static readonly IntrospectionResponse Inactive = new(Active: false);

    /// <summary>The scopes, separated by spaces; absent for an app token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scope { get; init; }

    /// <summary>The way to send the token, always Bearer; absent for a refresh token.</summary>
    [JsonPropertyName("token_type")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenType { get; init; }

    /// <summary>access_token, refresh_token or app_token.</summary>
    [JsonPropertyName("token_use")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenUse { get; init; }

    /// <summary>The client that requested the token; absent when no client authenticated.</summary>
    [JsonPropertyName("client_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    /// <summary>The id of the principal; absent for an app token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Username { get; init; }

    /// <summary>The id of the principal; for an app token, the id of the application.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sub { get; init; }

    /// <summary>The issuer; absent unless the token is an access token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Iss { get; init; }

    /// <summary>The scopes as a list; absent for an app token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Aud { get; init; }

    /// <summary>When the token or its session was created, in seconds since 1970; absent when it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Iat { get; init; }

    /// <summary>When the token expires, in seconds since 1970; absent when it does not expire.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Exp { get; init; }

    /// <summary>The id of a one-time token that has not been claimed yet; absent for every other token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Jti { get; init; }

    /// <summary>The session's id; absent when the token has no session.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? Sid { get; init; }

    /// <summary>USER, ADMIN, SERVICE or PROVIDER; absent for an app token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    /// <summary>password, service or provider; absent for an app token.</summary>
    [JsonPropertyName("principalType")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PrincipalType { get; init; }

    /// <summary>The last service that extended the token; absent when none did.</summary>
    [JsonPropertyName("extendedBy")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExtendedBy { get; init; }

    /// <summary>The services that extended the token, the first one first; absent for an app token.</summary>
    [JsonPropertyName("extendedByChain")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ExtendedByChain { get; init; }

    /// <summary>The administrator who acts as the principal (RFC 8693); absent when nobody impersonates.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ActorClaim? Act { get; init; }

    public static IntrospectionResponse Of(IntrospectionResult result) => result switch
    {
        IntrospectionResult.OfAccess({ Token: var token, Principal: var principal }) => Of(principal, token.Scopes, token.ExtendedByChain, token.Actor) with
        {
            TokenType = "Bearer",
            TokenUse = "access_token",
            ClientId = token.ClientId,
            Iss = token.Issuer,
            Iat = token.IssuedAt,
            Exp = token.ExpiresAt,
            Jti = token.Jti,
            Sid = token.SessionId,
        },
        IntrospectionResult.OfSession((var session, var principal, _) and var owned) => OfRefreshToken(
            Of(principal, session.Scopes, session.ExtendedByChain ?? [], owned.CreateActorClaim())) with
        {
            Iat = session.CreatedAt.ToUnixTimeSeconds(),
            Exp = session.ExpireAt.ToUnixTimeSeconds(),
            Sid = session.Id,
        },
        IntrospectionResult.OfPrincipal(var principal) => OfRefreshToken(Of(principal, ScopeSet.AllWrite.ToArray(), [], actor: null)),
        _ => Inactive,
    };

    public static IntrospectionResponse Of(VerifiedAppToken? verified) => verified is not ({ } token, { } application) ? Inactive : new(Active: true)
    {
        TokenType = "Bearer",
        TokenUse = "app_token",
        Sub = application.Id,
        Iat = token.CreatedAt.ToUnixTimeSeconds(),
        Exp = token.ExpireAt.ToUnixTimeSeconds(),
    };

    private static IntrospectionResponse OfRefreshToken(IntrospectionResponse response) => response with { TokenUse = "refresh_token" };

    private static IntrospectionResponse Of(Principal principal, string[] scopes, string[] chain, ActorClaim? actor) => new(Active: true)
    {
        Scope = string.Join(' ', scopes),
        Aud = scopes,
        Username = principal.Id,
        Sub = principal.Id,
        Role = principal.Role.ToWire(),
        PrincipalType = principal.Type.ToClaim(),
        ExtendedBy = chain is [.., var last] ? last : null,
        ExtendedByChain = chain,
        Act = actor,
    };
}

/// <summary>An error in the format of RFC 6749, section 5.2.</summary>
/// <param name="Error">A stable code for programs.</param>
/// <param name="ErrorDescription">A description of the error for people.</param>
/// <param name="TraceId">The trace id of the call, as in the service's logs and traces.</param>
internal sealed record OAuthErrorBody(
    string Error, [property: JsonPropertyName("error_description")] string ErrorDescription, [property: JsonPropertyName("traceId")] string TraceId);

internal sealed record KeySetDocument(IReadOnlyList<KeyDocument> Keys);

/// <summary>A public key. The members are those of RFC 7518.</summary>
internal sealed record KeyDocument(string Kty, string Kid, string Use, string Alg)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Crv { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? X { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Y { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? N { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? E { get; init; }

    public static KeyDocument From(JsonWebKey key) =>
        new(key.Kty, key.Kid, key.Use, key.Alg) { Crv = key.Crv, X = key.X, Y = key.Y, N = key.N, E = key.E };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeySetDocument))]
[JsonSerializable(typeof(MetadataDocument))]
[JsonSerializable(typeof(IntrospectionResponse))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(OAuthErrorBody))]
internal sealed partial class OAuthJson : JsonSerializerContext;
