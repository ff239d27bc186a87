using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthService.Api.Admin.Explanations;
using AuthService.Principals;
using AuthService.Principals.ApiKeys;

namespace AuthService.Api.Admin;

/// <summary>Whether the principal has agreed to the service's terms.</summary>
/// <param name="State">ACCEPTED when they have agreed, REQUESTED when they are still to be asked.</param>
internal sealed record AgreementBody([property: Required] string? State);

/// <summary>A product and the principal's limit for it.</summary>
/// <param name="ServiceName">The name of the product.</param>
/// <param name="MaxConcurrentAccess">The largest number of sessions that may use the product at the same time; 0 or null means no limit.</param>
internal sealed record ServiceBody([property: Required] string? ServiceName, int? MaxConcurrentAccess);

/// <param name="Id">The id. A service's id begins with <c>_</c>, a provider's with <c>#P_</c>, and a person's with neither.</param>
/// <param name="Type">PERSON, SERVICE or PROVIDER; PERSON when missing.</param>
/// <param name="Role">A person's role, USER or ADMIN; USER when missing. The roles SERVICE and PROVIDER follow from the type.</param>
/// <param name="Password">A person's password, 8 to 256 characters.</param>
/// <param name="FirstNames">A person's first names, at most 250 characters.</param>
/// <param name="LastName">A person's last name, at most 250 characters.</param>
/// <param name="Email">The address that links for a new password are mailed to.</param>
/// <param name="OrgId">The id of the organisation. It is kept and shown, and has no effect in this service.</param>
/// <param name="Locale">A language tag, used for mails and pages.</param>
/// <param name="CanImpersonate">Whether this administrator may impersonate other people.</param>
/// <param name="Agreement">Whether the person has agreed to the service's terms.</param>
/// <param name="PasswordResetRequested">Whether the person must choose a new password at the next sign-in.</param>
/// <param name="Services">The principal's limits for products.</param>
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

/// <summary>A change of a principal. A missing member stays unchanged; null clears a member that can be empty.</summary>
internal sealed record PrincipalPatch
{
    /// <summary>USER or ADMIN.</summary>
    public string? Role { get; init; }

    /// <summary>The new password, 8 to 256 characters.</summary>
    public string? Password { get; init; }

    /// <summary>ENABLED or DISABLED.</summary>
    public string? State { get; init; }

    /// <summary>The person's first names, at most 250 characters.</summary>
    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> FirstNames { get; init; }

    /// <summary>The person's last name, at most 250 characters.</summary>
    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> LastName { get; init; }

    /// <summary>The address that links for a new password are mailed to.</summary>
    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Email { get; init; }

    /// <summary>The id of the organisation. It is kept and shown, and has no effect in this service.</summary>
    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> OrgId { get; init; }

    /// <summary>A language tag, used for mails and pages.</summary>
    [JsonConverter(typeof(OptionalConverter<string>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Locale { get; init; }

    /// <summary>Whether this administrator may impersonate other people.</summary>
    public bool? CanImpersonate { get; init; }

    /// <summary>Whether the person has agreed to the service's terms.</summary>
    public AgreementBody? Agreement { get; init; }

    /// <summary>Whether the person must choose a new password at the next sign-in.</summary>
    public bool? PasswordResetRequested { get; init; }

    /// <summary>The principal's limits for products. They replace all existing ones.</summary>
    [JsonConverter(typeof(OptionalConverter<ServiceBody[]>)), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<ServiceBody[]> Services { get; init; }
}

/// <param name="Password">The new password, 8 to 256 characters.</param>
internal sealed record PasswordRequest([property: Required] string? Password);

/// <summary>A person, a service or a provider.</summary>
/// <param name="Id">The id, which the principal also signs in or calls with.</param>
/// <param name="Type">PERSON, SERVICE or PROVIDER.</param>
/// <param name="Role">USER, ADMIN, SERVICE or PROVIDER.</param>
/// <param name="FirstNames">A person's first names; null when not known.</param>
/// <param name="LastName">A person's last name; null when not known.</param>
/// <param name="Email">The e-mail address; null when not known.</param>
/// <param name="OrgId">The id of the organisation; null when not known.</param>
/// <param name="Locale">A language tag; null when not known.</param>
/// <param name="CanImpersonate">Whether this administrator may impersonate other people.</param>
/// <param name="Agreement">Whether the person has agreed to the service's terms.</param>
/// <param name="PasswordResetRequested">Whether the person must choose a new password at the next sign-in.</param>
/// <param name="Services">The principal's limits for products.</param>
/// <param name="Uuid">The principal's <c>uuid</c>, which the Sessions API takes as <c>userUuid</c>.</param>
/// <param name="State">ENABLED, DISABLED or DELETED.</param>
/// <param name="Locked">Whether sign-ins are refused now because too many have failed.</param>
/// <param name="CreatedAt">When the principal was created.</param>
/// <param name="RefreshToken">The refresh token of a new service or provider. It is shown only in this response and absent from all others.</param>
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

/// <param name="ItemsInTotal">The number of principals on all pages.</param>
/// <param name="ItemsPerPage">The page size: the requested one, or 50.</param>
/// <param name="PageNumber">The page number, starting at 0.</param>
/// <param name="Items">The principals of this page.</param>
internal sealed record PrincipalPageResponse(int ItemsInTotal, int ItemsPerPage, int PageNumber, IReadOnlyList<PrincipalResponse> Items);

/// <summary>
/// A renewal of a service's refresh token. Unknown members are refused, because a misspelled <c>overlap</c> would cut the service off at once.
/// </summary>
/// <param name="Overlap">The number of seconds for which the old token stays valid beside the new one, at most seven days; 0 when missing.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RenewRefreshTokenRequest(long? Overlap = null);

/// <param name="RefreshToken">The new refresh token. It is shown only in this response.</param>
internal sealed record RefreshTokenResponse(string RefreshToken);

/// <summary>A new API key. Unknown members are refused, because with a misspelled <c>expireAt</c> the key would never expire.</summary>
/// <param name="Name">A name to tell keys apart, 1 to 250 characters.</param>
/// <param name="ExpireAt">When the key expires, in ISO 8601 with an offset; when missing, the key never expires.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewApiKeyRequest([property: Required] string? Name, DateTimeOffset? ExpireAt);

/// <param name="Id">The id to revoke the key by.</param>
/// <param name="Name">The name that was given to the key.</param>
/// <param name="Prefix">The first characters of the key, by which people recognise it.</param>
/// <param name="Key">The key itself. It is shown only in this response.</param>
/// <param name="CreatedAt">When the key was created.</param>
/// <param name="ExpireAt">When the key expires; null when it never does.</param>
internal sealed record NewApiKeyResponse(Guid Id, string Name, string Prefix, string Key, DateTimeOffset CreatedAt, DateTimeOffset? ExpireAt);

/// <param name="Id">The id to revoke the key by.</param>
/// <param name="Name">The name that was given to the key.</param>
/// <param name="Prefix">The first characters of the key, by which people recognise it.</param>
/// <param name="CreatedAt">When the key was created.</param>
/// <param name="ExpireAt">When the key expires; null when it never does. An expired key stays in the list for 30 days.</param>
/// <param name="LastUsedAt">When the key was last used, accurate to the minute; null when it never was.</param>
internal sealed record ApiKeyResponse(
    Guid Id, string Name, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? ExpireAt, DateTimeOffset? LastUsedAt)
{
    public static ApiKeyResponse Of(ApiKeyRecord key) => new(key.Id, key.Name, key.Prefix, key.CreatedAt, key.ExpireAt, key.LastUsedAt);
}

/// <param name="Connected">Whether an authenticator app is connected.</param>
/// <param name="RecoveryCodesLeft">The number of unused recovery codes, at most ten.</param>
/// <param name="Passkeys">The number of passkeys.</param>
internal sealed record SecondFactorsResponse(bool Connected, int RecoveryCodesLeft, int Passkeys);

/// <summary>An error in the format of RFC 9457, with a stable code for programs.</summary>
/// <param name="Type">Always about:blank: the status says what kind of problem it is.</param>
/// <param name="Title">The name of the HTTP status.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">A description of the error for people.</param>
/// <param name="Code">A stable code for programs.</param>
/// <param name="TraceId">The trace id of the call, as in the service's logs and traces.</param>
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
[JsonSerializable(typeof(DeliveryCreatedResponse))]
[JsonSerializable(typeof(ReplayResponse))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class AdminJson : JsonSerializerContext;
