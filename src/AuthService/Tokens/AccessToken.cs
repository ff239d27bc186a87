using System.Text.Json.Serialization;

namespace AuthService.Tokens;

/// <summary>The claims of an access token, exactly as they stand in the JWT (src/AuthService/README.md#access-tokens). Times are seconds since 1970.</summary>
internal sealed record AccessToken
{
    [JsonPropertyName("iss")]
    public required string Issuer { get; init; }

    [JsonPropertyName("sub")]
    public required string Subject { get; init; }

    [JsonPropertyName("aud")]
    public required string[] Scopes { get; init; }

    [JsonPropertyName("iat")]
    public required long IssuedAt { get; init; }

    [JsonPropertyName("exp")]
    public required long ExpiresAt { get; init; }

    [JsonPropertyName("role")]
    public required string Role { get; init; }

    [JsonPropertyName("principalType")]
    public required string PrincipalType { get; init; }

    /// <summary>The services that narrowed this token, the first one first.</summary>
    [JsonPropertyName("extendedByChain")]
    public required string[] ExtendedByChain { get; init; }

    /// <summary>The last of them; null when nobody did.</summary>
    [JsonPropertyName("extendedBy")]
    public string? ExtendedBy => ExtendedByChain is [.., var last] ? last : null;

    [JsonPropertyName("publicSessionReference")]
    public Guid? PublicSessionReference { get; init; }

    /// <summary>Of the sign-in that a delegated session came from.</summary>
    [JsonPropertyName("origin_sid")]
    public Guid? OriginSessionId { get; init; }

    [JsonPropertyName("sid")]
    public Guid? SessionId { get; init; }

    [JsonPropertyName("firstNames")]
    public string? FirstNames { get; init; }

    [JsonPropertyName("lastName")]
    public string? LastName { get; init; }

    [JsonPropertyName("email")]
    public string? Email { get; init; }

    [JsonPropertyName("orgId")]
    public string? OrgId { get; init; }

    /// <summary>Whether the deployment's demand for a second factor is met; UCloud's clients stop at their set-up page while it is false.</summary>
    [JsonPropertyName("twoFactorAuthentication")]
    public bool? TwoFactorAuthentication { get; init; }

    /// <summary>When the person last proved in this session who they are (OpenID Connect Core, section 2).</summary>
    [JsonPropertyName("auth_time")]
    public long? AuthenticatedAt { get; init; }

    /// <summary>How they did so (RFC 8176).</summary>
    [JsonPropertyName("amr")]
    public string[]? AuthenticationMethods { get; init; }

    [JsonPropertyName("serviceLicenseAgreement")]
    public bool? ServiceLicenseAgreement { get; init; }

    /// <summary>Who really acts (RFC 8693), when an administrator impersonates the subject.</summary>
    [JsonPropertyName("act")]
    public ActorClaim? Actor { get; init; }

    /// <summary>The client that asked for the token at the token endpoint (RFC 9068, section 2.2), where it authenticated.</summary>
    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary>Only on one-time tokens; its presence says "claim me before you act on me".</summary>
    [JsonPropertyName("jti")]
    public string? Jti { get; init; }

    /// <summary>
    /// The principal's security stamp, on tokens without a session: a change of password, role or state refuses those
    /// issued before it, to the exact change and not to the second of <c>iat</c>.
    /// </summary>
    [JsonPropertyName("securityStamp")]
    public int? SecurityStamp { get; init; }

    /// <summary>The API key that it was issued for, or the token that it was made from: with the key it is refused.</summary>
    [JsonPropertyName("apiKeyId")]
    public Guid? ApiKeyId { get; init; }
}

/// <param name="Subject">Who acts.</param>
/// <param name="Actor">Who acted before them (RFC 8693, section 4.1); for information only.</param>
internal sealed record ActorClaim(
    [property: JsonPropertyName("sub")] string Subject,
    [property: JsonPropertyName("act"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ActorClaim? Actor = null);

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AccessToken))]
internal sealed partial class AccessTokenJson : JsonSerializerContext;
