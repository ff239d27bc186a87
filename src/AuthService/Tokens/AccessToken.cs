using System.Text.Json.Serialization;

namespace AuthService.Tokens;

/// <summary>The claims of an access token, exactly as the JWT contains them (src/AuthService/README.md#access-tokens). Times are seconds since 1970.</summary>
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

    /// <summary>The ids of the services that extended this token, the first one first.</summary>
    [JsonPropertyName("extendedByChain")]
    public required string[] ExtendedByChain { get; init; }

    /// <summary>The id of the service that extended it last; null when none did.</summary>
    [JsonPropertyName("extendedBy")]
    public string? ExtendedBy => ExtendedByChain is [.., var last] ? last : null;

    [JsonPropertyName("publicSessionReference")]
    public Guid? PublicSessionReference { get; init; }

    /// <summary>The id of the session of the sign-in from which a delegated session came.</summary>
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

    /// <summary>
    /// Whether the person meets the deployment's requirement for a second factor. UCloud's clients stop at their set-up page while it is false.
    /// </summary>
    [JsonPropertyName("twoFactorAuthentication")]
    public bool? TwoFactorAuthentication { get; init; }

    /// <summary>When the person last proved in this session who they are (OpenID Connect Core, section 2).</summary>
    [JsonPropertyName("auth_time")]
    public long? AuthenticatedAt { get; init; }

    /// <summary>How the person proved who they are (RFC 8176).</summary>
    [JsonPropertyName("amr")]
    public string[]? AuthenticationMethods { get; init; }

    [JsonPropertyName("serviceLicenseAgreement")]
    public bool? ServiceLicenseAgreement { get; init; }

    /// <summary>The actor (RFC 8693), when an administrator impersonates the subject.</summary>
    [JsonPropertyName("act")]
    public ActorClaim? Actor { get; init; }

    /// <summary>The client that requested the token at the token endpoint (RFC 9068, section 2.2); null when it did not authenticate.</summary>
    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary>The id of a one-time token, which a service must claim before it acts on the token; null in other tokens.</summary>
    [JsonPropertyName("jti")]
    public string? Jti { get; init; }

    /// <summary>
    /// The principal's security stamp, in tokens without a session. A change of password, role or state refuses the tokens issued before it. Comparing
    /// <c>iat</c> would be exact only to a second.
    /// </summary>
    [JsonPropertyName("securityStamp")]
    public int? SecurityStamp { get; init; }

    /// <summary>The API key for which it, or the token from which it was made, was issued. When the key is revoked, the token is refused.</summary>
    [JsonPropertyName("apiKeyId")]
    public Guid? ApiKeyId { get; init; }
}

/// <summary>The claim <c>act</c>.</summary>
/// <param name="Subject">The id of the actor.</param>
/// <param name="Actor">The actor before (RFC 8693, section 4.1); for information only.</param>
internal sealed record ActorClaim(
    [property: JsonPropertyName("sub")] string Subject,
    [property: JsonPropertyName("act"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ActorClaim? Actor = null);

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AccessToken))]
internal sealed partial class AccessTokenJson : JsonSerializerContext;
