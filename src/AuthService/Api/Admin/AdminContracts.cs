using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthService.Api.Admin.Explanations;
using AuthService.Principals;

namespace AuthService.Api.Admin;

/// <summary>The agreement on the service's terms.</summary>
/// <param name="State">ACCEPTED or REQUESTED.</param>
internal sealed record AgreementBody([property: Required] string? State);

/// <summary>A product, and somebody's limit there.</summary>
/// <param name="ServiceName">The name of the product.</param>
/// <param name="MaxConcurrentAccess">In how many sessions at a time; 0 or null is no limit.</param>
internal sealed record ServiceBody([property: Required] string? ServiceName, int? MaxConcurrentAccess);

/// <param name="Id">A service's begins with <c>_</c>, a provider's with <c>#P_</c>, a person's with neither.</param>
/// <param name="Type">PERSON (when missing), SERVICE or PROVIDER.</param>
/// <param name="Role">USER (when missing) or ADMIN for a person; SERVICE and PROVIDER follow from the type.</param>
/// <param name="Password">Of a person, 8 to 256 characters.</param>
/// <param name="FirstNames">At most 250 characters.</param>
/// <param name="LastName">At most 250 characters.</param>
/// <param name="Email">Where links for a new password go.</param>
/// <param name="OrgId">The organisation, for whoever reads tokens; of no meaning here.</param>
/// <param name="Locale">A language tag, for mails and pages.</param>
/// <param name="CanImpersonate">Whether an administrator may act as others.</param>
/// <param name="Agreement">Whether they have accepted the service's terms.</param>
/// <param name="PasswordResetRequested">Whether a new password is asked for at the next sign-in.</param>
/// <param name="Services">Limits of products.</param>
internal sealed record NewPrincipalRequest(
    [property: Required] string? Id,
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
    /// <summary>USER or ADMIN.</summary>
    public string? Role { get; init; }

    /// <summary>8 to 256 characters.</summary>
    public string? Password { get; init; }

    /// <summary>ENABLED or DISABLED.</summary>
    public string? State { get; init; }

    /// <summary>At most 250 characters.</summary>
    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> FirstNames { get; init; }

    /// <summary>At most 250 characters.</summary>
    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> LastName { get; init; }

    /// <summary>Where links for a new password go.</summary>
    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Email { get; init; }

    /// <summary>The organisation, for whoever reads tokens; of no meaning here.</summary>
    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> OrgId { get; init; }

    /// <summary>A language tag, for mails and pages.</summary>
    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Locale { get; init; }

    /// <summary>Whether an administrator may act as others.</summary>
    public bool? CanImpersonate { get; init; }

    /// <summary>Whether they have accepted the service's terms.</summary>
    public AgreementBody? Agreement { get; init; }

    /// <summary>Whether a new password is asked for at the next sign-in.</summary>
    public bool? PasswordResetRequested { get; init; }

    /// <summary>Limits of products.</summary>
    [JsonConverter(typeof(OptionalConverter<ServiceBody[]>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<ServiceBody[]> Services { get; init; }
}

/// <param name="Password">8 to 256 characters.</param>
internal sealed record PasswordRequest([property: Required] string? Password);

/// <summary>A person, a service or a provider.</summary>
/// <param name="Id">The name that they sign in or call with.</param>
/// <param name="Type">PERSON, SERVICE or PROVIDER.</param>
/// <param name="Role">USER, ADMIN, SERVICE or PROVIDER.</param>
/// <param name="FirstNames">Of a person, where known.</param>
/// <param name="LastName">Of a person, where known.</param>
/// <param name="Email">Where known.</param>
/// <param name="OrgId">The organisation, where known.</param>
/// <param name="Locale">A language tag, where known.</param>
/// <param name="CanImpersonate">Whether an administrator may act as others.</param>
/// <param name="Agreement">Whether they have accepted the service's terms.</param>
/// <param name="PasswordResetRequested">Whether a new password is asked for at the next sign-in.</param>
/// <param name="Services">Limits of products.</param>
/// <param name="Uuid">What the Sessions API takes as <c>userUuid</c>.</param>
/// <param name="State">ENABLED, DISABLED or DELETED.</param>
/// <param name="Locked">Whether sign-ins are refused at the moment, after too many failures.</param>
/// <param name="CreatedAt">When they were made.</param>
/// <param name="RefreshToken">Of a new service or provider, shown this once.</param>
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

/// <param name="ItemsInTotal">On all pages.</param>
/// <param name="ItemsPerPage">As it was asked for, or 50.</param>
/// <param name="PageNumber">From 0.</param>
/// <param name="Items">Those of this page.</param>
internal sealed record PrincipalPageResponse(int ItemsInTotal, int ItemsPerPage, int PageNumber, IReadOnlyList<PrincipalResponse> Items);

/// <summary>A misspelled overlap would cut the service off, so nothing is passed over.</summary>
/// <param name="Overlap">For how many seconds the old one works beside the new one, seven days at most; 0 when missing.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RenewRefreshTokenRequest(long? Overlap = null);

/// <param name="RefreshToken">The new one, shown this once.</param>
internal sealed record RefreshTokenResponse(string RefreshToken);

/// <summary>With a misspelled expireAt the key would never expire, so nothing is passed over.</summary>
/// <param name="Name">1 to 250 characters, to tell keys apart.</param>
/// <param name="ExpireAt">From when on it is refused, ISO 8601 with offset; never when missing.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewApiKeyRequest([property: Required] string? Name, DateTimeOffset? ExpireAt);

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
/// <param name="Type">about:blank: the status says what kind of problem it is.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">For people.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="TraceId">Under which the call stands in the log lines and traces.</param>
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
