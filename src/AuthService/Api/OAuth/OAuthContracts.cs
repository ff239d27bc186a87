using System.Text.Json.Serialization;
using AuthService.Applications;
using AuthService.Delegation;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Tokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Api.OAuth;

/// <param name="Token">An access, refresh or app token.</param>
/// <param name="TokenTypeHint">Passed over: tokens are told apart by their form.</param>
internal sealed record TokenRequest(string Token, [property: JsonPropertyName("token_type_hint")] string? TokenTypeHint)
{
    /// <summary>The id of the service that calls, where it sends neither a bearer token nor Basic.</summary>
    [JsonPropertyName("client_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    /// <summary>One of that service's API keys.</summary>
    [JsonPropertyName("client_secret")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientSecret { get; init; }
}

/// <summary>
/// What RFC 7662 says of a token, and what our access tokens say beyond it, under the same names. Of a token that is not
/// active there is nothing but that.
/// </summary>
/// <param name="Active">Whether the token is good for anything at this moment.</param>
internal sealed record IntrospectionResponse(bool Active)
{
    public static readonly IntrospectionResponse Inactive = new(Active: false);

    /// <summary>The scopes, with spaces between them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scope { get; init; }

    /// <summary>How it is sent; absent for a refresh token.</summary>
    [JsonPropertyName("token_type")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenType { get; init; }

    /// <summary>access_token, refresh_token or app_token.</summary>
    [JsonPropertyName("token_use")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenUse { get; init; }

    /// <summary>The client that asked for the token; absent where none authenticated.</summary>
    [JsonPropertyName("client_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    /// <summary>The id of the principal; absent for an app token.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Username { get; init; }

    /// <summary>The id of the principal, or of the application whose app token it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sub { get; init; }

    /// <summary>The issuer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Iss { get; init; }

    /// <summary>The scopes, one by one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Aud { get; init; }

    /// <summary>Seconds since 1970.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Iat { get; init; }

    /// <summary>Seconds since 1970; absent for what does not expire.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Exp { get; init; }

    /// <summary>Only of a one-time token that nobody has claimed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Jti { get; init; }

    /// <summary>The session; absent without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? Sid { get; init; }

    /// <summary>USER, ADMIN, SERVICE or PROVIDER.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    /// <summary>password, service or provider.</summary>
    [JsonPropertyName("principalType")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PrincipalType { get; init; }

    /// <summary>The last of the services that narrowed the token.</summary>
    [JsonPropertyName("extendedBy")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExtendedBy { get; init; }

    /// <summary>The services that narrowed the token, the first one first.</summary>
    [JsonPropertyName("extendedByChain")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ExtendedByChain { get; init; }

    /// <summary>The administrator who really acts (RFC 8693).</summary>
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

/// <summary>As in RFC 6749, section 5.2.</summary>
/// <param name="Error">Stable, for programs.</param>
/// <param name="ErrorDescription">For people.</param>
/// <param name="TraceId">Under which the call stands in the log lines and traces.</param>
internal sealed record OAuthErrorBody(
    string Error, [property: JsonPropertyName("error_description")] string ErrorDescription, [property: JsonPropertyName("traceId")] string TraceId);

internal sealed record KeySetDocument(IReadOnlyList<KeyDocument> Keys);

/// <summary>One public key; the members are those of RFC 7518.</summary>
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
