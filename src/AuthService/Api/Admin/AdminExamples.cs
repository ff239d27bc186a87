using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Admin;

/// <summary>The examples in the OpenAPI document of the Administration API.</summary>
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
        new("0199b2f0-61aa-7c0d-9b57-2e84d1f3a690"), "orders-worker-1", "sk_4fTzQ9a", CreatedAt: Moment, ExpireAt: Moment.AddYears(1),
        LastUsedAt: Moment.AddHours(2));

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

    public static readonly OperationExamples Create = new()
    {
        Requests = { ["A person"] = NewPerson, ["A service"] = NewService },
        Answers = { ["A person"] = Person, ["A service: its refresh token is shown this once"] = Service with { RefreshToken = RefreshToken } },
        Refusals = [NewPasswordReader.BadLength, AdminErrors.IdInUse, UnavailableError.TooManyPasswords],
    };

    public static readonly OperationExamples List = new()
    {
        Answers = { ["The first page"] = new PrincipalPageResponse(ItemsInTotal: 2, ItemsPerPage: 50, PageNumber: 0, [Service, Person]) },
        Refusals = [PrincipalFilterReader.Bad, PagingReader.BadPage],
    };

    public static readonly OperationExamples Get = new() { Answers = { ["A person"] = Person }, Refusals = [AdminErrors.UnknownPrincipal] };

    public static readonly OperationExamples Change = new()
    {
        Requests =
        {
            ["Another role"] = new PrincipalPatch { Role = "ADMIN", CanImpersonate = true },
            ["Disabled"] = new PrincipalPatch { State = "DISABLED" },
            ["Another name; the e-mail address is emptied"] = new PrincipalPatch { LastName = new(IsGiven: true, "King"), Email = new(IsGiven: true, null) },
        },
        Answers = { ["Another role"] = Person with { Role = "ADMIN", CanImpersonate = true }, ["Disabled"] = Person with { State = "DISABLED" } },
        Refusals =
        [
            NewPasswordReader.BadLength, AdminErrors.OwnPassword, AdminErrors.UnknownPrincipal, AdminErrors.ChangedMeanwhile, AdminErrors.LastAdministrator,
            UnavailableError.TooManyPasswords,
        ],
    };

    public static readonly OperationExamples Delete = new()
    {
        Refusals = [AdminErrors.UnknownPrincipal, AdminErrors.ChangedMeanwhile, AdminErrors.LastAdministrator],
    };

    public static readonly OperationExamples SetPassword = new()
    {
        Requests = { ["A passphrase"] = new PasswordRequest(Password) },
        Refusals =
        [
            NewPasswordReader.BadLength, AdminErrors.OwnPassword, AdminErrors.UnknownPrincipal, AdminErrors.ChangedMeanwhile,
            UnavailableError.TooManyPasswords,
        ],
    };

    public static readonly OperationExamples Unlock = new() { Refusals = [AdminErrors.UnknownPrincipal] };

    public static readonly OperationExamples RenewRefreshToken = new()
    {
        Requests = { ["The old one works for another hour"] = new RenewRefreshTokenRequest(Overlap: 3600) },
        Answers = { ["The new one is shown this once"] = new RefreshTokenResponse(RefreshToken) },
        Refusals = [OverlapReader.BadOverlap, AdminErrors.NoServiceRefreshToken, AdminErrors.UnknownPrincipal, AdminErrors.ChangedMeanwhile],
    };

    public static readonly OperationExamples CreateApiKey = new()
    {
        Requests =
        {
            ["For one machine"] = new NewApiKeyRequest(Key.Name, Key.ExpireAt),
            ["It does not expire"] = new NewApiKeyRequest(Key.Name, ExpireAt: null),
        },
        Answers = { ["The key is shown this once"] = new NewApiKeyResponse(Key.Id, Key.Name, Key.Prefix, $"{Key.Prefix}…", Key.CreatedAt, Key.ExpireAt) },
        Refusals = [NewApiKeyReader.Bad, AdminErrors.KeyExpired, AdminErrors.NoKeysHere, AdminErrors.UnknownPrincipal],
    };

    public static readonly OperationExamples ListApiKeys = new() { Answers = { ["One key"] = new[] { Key } }, Refusals = [AdminErrors.UnknownPrincipal] };

    public static readonly OperationExamples RevokeApiKey = new() { Refusals = [AdminErrors.UnknownPrincipal, AdminErrors.UnknownApiKey] };
}
