using System.Text.Json.Serialization;
using AuthService.Api.Admin.Explanations;
using AuthService.Principals;

namespace AuthService.Api.Admin;

internal sealed record AgreementBody(string? State);

internal sealed record ServiceBody(string? ServiceName, int? MaxConcurrentAccess);

/// <param name="Id">A service's begins with <c>_</c>, a provider's with <c>#P_</c>, a person's with neither.</param>
/// <param name="Type">PERSON (when missing), SERVICE or PROVIDER.</param>
/// <param name="Role">USER (when missing) or ADMIN for a person; SERVICE and PROVIDER follow from the type.</param>
internal sealed record NewPrincipalRequest(
    string? Id,
    string? Type,
    string? Role,
    string? Password,
    string? FirstNames,
    string? LastName,
    string? Email,
    string? OrgId,
    string? Locale,
    bool? CanImpersonate,
    AgreementBody? Agreement,
    bool? PasswordResetRequested,
    ServiceBody[]? Services);

/// <summary>What is not given stays as it is; null empties a field that may be empty.</summary>
internal sealed record PrincipalPatch
{
    public string? Role { get; init; }

    public string? Password { get; init; }

    /// <summary>ENABLED or DISABLED.</summary>
    public string? State { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> FirstNames { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> LastName { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Email { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> OrgId { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Locale { get; init; }

    public bool? CanImpersonate { get; init; }

    public AgreementBody? Agreement { get; init; }

    public bool? PasswordResetRequested { get; init; }

    [JsonConverter(typeof(OptionalConverter<ServiceBody[]>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<ServiceBody[]> Services { get; init; }
}

internal sealed record PasswordRequest(string? Password);

internal sealed record PrincipalResponse(
    string Id,
    string Type,
    string Role,
    string? FirstNames,
    string? LastName,
    string? Email,
    string? OrgId,
    string? Locale,
    bool CanImpersonate,
    AgreementBody Agreement,
    bool PasswordResetRequested,
    IReadOnlyList<ServiceBody> Services,
    Guid Uuid,
    string State,
    bool Locked,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null)
{
    public static PrincipalResponse Of(Principal principal, DateTimeOffset now, string? refreshToken = null) => new(
        principal.Id,
        principal.Type.ToWire(),
        principal.Role.ToWire(),
        principal.Profile.FirstNames,
        principal.Profile.LastName,
        principal.Profile.Email,
        principal.Profile.OrgId,
        principal.Profile.Locale,
        principal.CanImpersonate,
        new AgreementBody(WireNames.ToAgreement(principal.AgreementAccepted)),
        principal.PasswordResetRequested,
        [.. (principal.Services ?? []).Select(grant => new ServiceBody(grant.ServiceName, grant.MaxConcurrentAccess))],
        principal.Uuid,
        principal.State.ToWire(),
        now < principal.LockedUntil,
        principal.CreatedAt,
        refreshToken);
}

internal sealed record PrincipalPageResponse(int ItemsInTotal, int ItemsPerPage, int PageNumber, IReadOnlyList<PrincipalResponse> Items);

/// <summary>A misspelled overlap would cut the service off, so nothing is passed over.</summary>
/// <param name="Overlap">For how many seconds the old one works beside the new one, seven days at most; 0 when missing.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RenewRefreshTokenRequest(long? Overlap = null);

internal sealed record RefreshTokenResponse(string RefreshToken);

/// <summary>With a misspelled expireAt the key would never expire, so nothing is passed over.</summary>
/// <param name="Name">1 to 250 characters, to tell keys apart.</param>
/// <param name="ExpireAt">From when on it is refused, ISO 8601 with offset; never when missing.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewApiKeyRequest(string? Name, DateTimeOffset? ExpireAt);

/// <param name="Id">By which the key is revoked.</param>
/// <param name="Name">As it was given.</param>
/// <param name="Prefix">The beginning of the key.</param>
/// <param name="Key">The key itself, shown this once.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpireAt">From when on it is refused; null: never.</param>
internal sealed record NewApiKeyResponse(Guid Id, string Name, string Prefix, string Key, DateTimeOffset CreatedAt, DateTimeOffset? ExpireAt);

/// <param name="Id">By which the key is revoked.</param>
/// <param name="Name">As it was given.</param>
/// <param name="Prefix">The beginning of the key.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpireAt">From when on it is refused; null: never. It stays listed for 30 days after that.</param>
/// <param name="LastUsedAt">To the minute; null when it was never used.</param>
internal sealed record ApiKeyResponse(
    Guid Id, string Name, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? ExpireAt, DateTimeOffset? LastUsedAt)
{
    public static ApiKeyResponse Of(ApiKeyRecord key) => new(key.Id, key.Name, key.Prefix, key.CreatedAt, key.ExpireAt, key.LastUsedAt);
}

/// <param name="Connected">Whether there is an authenticator app.</param>
/// <param name="RecoveryCodesLeft">Of ten.</param>
/// <param name="Passkeys">How many.</param>
internal sealed record SecondFactorsResponse(bool Connected, int RecoveryCodesLeft, int Passkeys);

/// <summary>RFC 9457, with a stable code for programs.</summary>
internal sealed record ProblemBody(string Type, string Title, int Status, string Detail, string Code, string TraceId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NewPrincipalRequest))]
[JsonSerializable(typeof(PrincipalPatch))]
[JsonSerializable(typeof(PasswordRequest))]
[JsonSerializable(typeof(PrincipalPageResponse))]
[JsonSerializable(typeof(RenewRefreshTokenRequest))]
[JsonSerializable(typeof(RefreshTokenResponse))]
[JsonSerializable(typeof(AdminSessionPageResponse))]
[JsonSerializable(typeof(RevokedResponse))]
[JsonSerializable(typeof(IReadOnlyList<LineageItem>))]
[JsonSerializable(typeof(IReadOnlyList<LoginServiceResponse>))]
[JsonSerializable(typeof(IReadOnlyList<SigningKeyResponse>))]
[JsonSerializable(typeof(AuditPageResponse))]
[JsonSerializable(typeof(RefusalPageResponse))]
[JsonSerializable(typeof(ExplainRequest))]
[JsonSerializable(typeof(ExplainResponse))]
[JsonSerializable(typeof(IReadOnlyList<RefusalItem>))]
[JsonSerializable(typeof(NewApiKeyRequest))]
[JsonSerializable(typeof(NewApiKeyResponse))]
[JsonSerializable(typeof(ApiKeyResponse[]))]
[JsonSerializable(typeof(SecondFactorsResponse))]
[JsonSerializable(typeof(IReadOnlyList<IdentityResponse>))]
[JsonSerializable(typeof(IReadOnlyList<IdentityProviderResponse>))]
[JsonSerializable(typeof(NewWebhookRequest))]
[JsonSerializable(typeof(WebhookPatch))]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(NewWebhookResponse))]
[JsonSerializable(typeof(WebhookResponse))]
[JsonSerializable(typeof(WebhookResponse[]))]
[JsonSerializable(typeof(WebhookSecretResponse))]
[JsonSerializable(typeof(DeliveryPageResponse))]
[JsonSerializable(typeof(DeliveryAskedResponse))]
[JsonSerializable(typeof(ReplayResponse))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class AdminJson : JsonSerializerContext;
