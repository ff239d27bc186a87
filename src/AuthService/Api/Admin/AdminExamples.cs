using AuthService.Api.Http;
using static AuthService.Api.Http.ExampleValues;

namespace AuthService.Api.Admin;

/// <summary>What the document of the Administration API shows.</summary>
internal static class AdminExamples
{
    private static readonly ServiceBody[] Services = [new("EQUISOFT_CONNECT", MaxConcurrentAccess: 3)];

    private static readonly PrincipalResponse Person = new(
        PersonId,
        Type: "PERSON",
        Role: "USER",
        FirstNames: "Ada",
        LastName: "Lovelace",
        Email,
        OrgId: "analytical-engines",
        Locale: "en",
        CanImpersonate: false,
        new AgreementBody("ACCEPTED"),
        PasswordResetRequested: false,
        Services,
        PersonUuid,
        State: "ENABLED",
        Locked: false,
        CreatedAt: Moment);

    private static readonly PrincipalResponse Service = new(
        ServiceId,
        Type: "SERVICE",
        Role: "SERVICE",
        FirstNames: null,
        LastName: null,
        Email: null,
        OrgId: null,
        Locale: null,
        CanImpersonate: false,
        new AgreementBody("REQUESTED"),
        PasswordResetRequested: false,
        Services: [],
        OtherUuid,
        State: "ENABLED",
        Locked: false,
        CreatedAt: Moment);

    private static readonly ApiKeyResponse Key = new(
        new("0199b2f0-61aa-7c0d-9b57-2e84d1f3a690"), "orders-worker-1", "sk_4fTzQ9a", CreatedAt: Moment, LastUsedAt: Moment.AddHours(2));

    private static readonly NewPrincipalRequest NewService = new(
        ServiceId, Type: "SERVICE", Role: null, Password: null, FirstNames: null, LastName: null, Email: null, OrgId: null, Locale: null,
        CanImpersonate: null, Agreement: null, PasswordResetRequested: null, Services: null);

    private static readonly NewPrincipalRequest NewPerson = NewService with
    {
        Id = PersonId,
        Type = "PERSON",
        Role = "USER",
        Password = Password,
        FirstNames = "Ada",
        LastName = "Lovelace",
        Email = Email,
        OrgId = "analytical-engines",
        Locale = "en",
        Agreement = new AgreementBody("ACCEPTED"),
        Services = Services,
    };

    public static readonly IReadOnlyList<OperationExamples> All =
    [
        new("POST /admin/principals")
        {
            Requests = { ["A person"] = NewPerson, ["A service"] = NewService },
            Answers = { ["A person"] = Person, ["A service: its refresh token is shown this once"] = Service with { RefreshToken = RefreshToken } },
            Refusals = [ApiError.BadRequest(PrincipalReading.PasswordFault), AdminErrors.IdInUse],
        },
        new("GET /admin/principals")
        {
            Answers = { ["The first page"] = new PrincipalPageResponse(ItemsInTotal: 2, ItemsPerPage: 50, PageNumber: 0, [Service, Person]) },
            Refusals = [AdminErrors.BadFilter, Paging.BadPage],
        },
        new("GET /admin/principals/{id}") { Answers = { ["A person"] = Person }, Refusals = [AdminErrors.UnknownPrincipal] },
        new("PATCH /admin/principals/{id}")
        {
            Requests =
            {
                ["Another role"] = new PrincipalPatch { Role = "ADMIN", CanImpersonate = true },
                ["Disabled"] = new PrincipalPatch { State = "DISABLED" },
                ["Another name; the e-mail address is emptied"] = new PrincipalPatch { LastName = new(IsGiven: true, "King"), Email = new(IsGiven: true, null) },
            },
            Answers = { ["Another role"] = Person with { Role = "ADMIN", CanImpersonate = true }, ["Disabled"] = Person with { State = "DISABLED" } },
            Refusals = [ApiError.BadRequest(PrincipalReading.PasswordFault), AdminErrors.UnknownPrincipal, AdminErrors.ChangedMeanwhile],
        },
        new("DELETE /admin/principals/{id}") { Refusals = [AdminErrors.UnknownPrincipal, AdminErrors.ChangedMeanwhile] },
        new("PUT /admin/principals/{id}/password")
        {
            Requests = { ["A passphrase"] = new PasswordRequest(Password) },
            Refusals = [ApiError.BadRequest(PrincipalReading.PasswordFault), AdminErrors.UnknownPrincipal, AdminErrors.ChangedMeanwhile],
        },
        new("POST /admin/principals/{id}/unlock") { Refusals = [AdminErrors.UnknownPrincipal] },
        new("POST /admin/principals/{id}/refresh-token")
        {
            Answers = { ["The new one is shown this once"] = new RefreshTokenResponse(RefreshToken) },
            Refusals = [AdminErrors.NoStandingToken, AdminErrors.UnknownPrincipal, AdminErrors.ChangedMeanwhile],
        },
        new("POST /admin/principals/{id}/api-keys")
        {
            Requests = { ["For one machine"] = new NewApiKeyRequest(Key.Name) },
            Answers = { ["The key is shown this once"] = new NewApiKeyResponse(Key.Id, Key.Name, Key.Prefix, $"{Key.Prefix}…", Key.CreatedAt) },
            Refusals = [AdminErrors.BadKeyName, AdminErrors.NoKeysHere, AdminErrors.UnknownPrincipal],
        },
        new("GET /admin/principals/{id}/api-keys") { Answers = { ["One key"] = new[] { Key } }, Refusals = [AdminErrors.UnknownPrincipal] },
        new("DELETE /admin/principals/{id}/api-keys/{keyId}") { Refusals = [AdminErrors.UnknownPrincipal, AdminErrors.UnknownApiKey] },
        .. OversightExamples.All,
    ];
}
