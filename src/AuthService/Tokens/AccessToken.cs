using System.Text.Json.Serialization;

namespace AuthService.Tokens;

/// <summary>The claims of an access token, exactly as they stand in the JWT (SPEC 2). Times are seconds since 1970.</summary>
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

    [JsonPropertyName("extendedBy")]
    public string? ExtendedBy { get; init; }

    [JsonPropertyName("publicSessionReference")]
    public Guid? PublicSessionReference { get; init; }

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

    [JsonPropertyName("twoFactorAuthentication")]
    public bool? TwoFactorAuthentication { get; init; }

    [JsonPropertyName("serviceLicenseAgreement")]
    public bool? ServiceLicenseAgreement { get; init; }

    /// <summary>Who really acts (RFC 8693), when an administrator impersonates the subject.</summary>
    [JsonPropertyName("act")]
    public ActorClaim? Actor { get; init; }

    /// <summary>Only on one-time tokens; its presence says "claim me before you act on me".</summary>
    [JsonPropertyName("jti")]
    public string? Jti { get; init; }

    /// <summary>
    /// The principal's security stamp, on tokens without a session: a change of password, role or state refuses those
    /// issued before it, to the exact change and not to the second of <c>iat</c>.
    /// </summary>
    [JsonPropertyName("securityStamp")]
    public int? SecurityStamp { get; init; }
}

internal sealed record ActorClaim([property: JsonPropertyName("sub")] string Subject);

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AccessToken))]
internal sealed partial class AccessTokenJson : JsonSerializerContext;
