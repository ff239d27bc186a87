using System.Text.Json.Nodes;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Signals;
using Xunit;

namespace AuthService.UnitTests.Signals;

/// <summary>Each audit entry is mapped to the correct events, row by row of the table in src/AuthService/README.md#shared-signals.</summary>
public sealed class SignalMappingTests
{
    private const string Issuer = "https://auth.example.com";
    private const string Somebody = "ada";
    private const string Another = "grace";

    private static readonly Guid First = Guid.Parse("018f0000-0000-7000-8000-000000000001");
    private static readonly Guid Second = Guid.Parse("018f0000-0000-7000-8000-000000000002");
    private static readonly EndedSessionScope[] TwoSessions = [new(Somebody, First), new(Another, Second)];

    [Theory]
    [InlineData(AuditEvents.PasswordSet, "password update")]
    [InlineData(AuditEvents.SecondFactorConnected, "app create")]
    [InlineData(AuditEvents.RecoveryCodesReplaced, "recovery-codes update")]
    [InlineData(AuditEvents.PasskeyAdded, "passkey create")]
    [InlineData(AuditEvents.PasskeyRemoved, "passkey delete")]
    [InlineData(AuditEvents.ApiKeyCreated, "api-key create")]
    [InlineData(AuditEvents.ApiKeyRevoked, "api-key revoke")]
    [InlineData(AuditEvents.RefreshTokenRenewed, "refresh-token update")]
    [InlineData(AuditEvents.NotMeReported, "password revoke", "recovery-codes revoke")]
    public void A_credential_that_changes_is_told_of_its_principal(string name, params string[] changes)
    {
        var signals = Of(Entry(name)).Where(signal => signal.Event == SignalEvents.CredentialChange).ToList();

        Assert.Equal(changes, signals.Select(signal => $"{signal.Content["credential_type"]} {signal.Content["change_type"]}"), StringComparer.Ordinal);
        Assert.All(signals, signal => Assert.Equal(User(Somebody), signal.Subject.ToJsonString()));
    }

    [Fact]
    public void A_second_factor_that_an_administrator_removes_takes_the_passkeys_along()
    {
        var (own, others) = (Of(Entry(AuditEvents.SecondFactorRemoved)), Of(Entry(AuditEvents.SecondFactorRemoved, actor: Another)));
        var ofThemselves = Of(Entry(AuditEvents.SecondFactorRemoved, detail: "all"));
        var (notMe, notThem) = (Entry(AuditEvents.SecondFactorRemoved, detail: "app"), Entry(AuditEvents.SecondFactorRemoved, detail: "app", actor: Another));

        Assert.All([notMe, notThem], entry => Assert.Equal("app", $"{Assert.Single(Of(entry)).Content["credential_type"]}"));
        Assert.All([notMe, notThem], entry => Assert.False(SignalMapping.MayEndSeveral(entry)));
        Assert.Equal(["app"], own.Select(signal => $"{signal.Content["credential_type"]}"), StringComparer.Ordinal);
        Assert.Equal(["app", "passkey"], ofThemselves.Select(signal => $"{signal.Content["credential_type"]}"), StringComparer.Ordinal);
        Assert.Equal(["app", "passkey"], others.Select(signal => $"{signal.Content["credential_type"]}"), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(AuditEvents.EmailConfirmed)]
    [InlineData(AuditEvents.NotMeReported)]
    public void An_address_that_changes_is_a_claim(string name)
    {
        var change = Assert.Single(Of(Entry(name)), signal => signal.Event == SignalEvents.TokenClaimsChange);

        Assert.Equal("""{"email":"ada@example.com"}""", change.Content["claims"]!.ToJsonString());
    }

    [Theory]
    [InlineData("state=DISABLED", SignalEvents.AccountDisabled)]
    [InlineData("state=ENABLED", SignalEvents.AccountEnabled)]
    [InlineData("firstNames email", SignalEvents.TokenClaimsChange)]
    [InlineData("role=ADMIN state=DISABLED", SignalEvents.AccountDisabled, SignalEvents.TokenClaimsChange)]
    [InlineData("password", SignalEvents.CredentialChange)]
    [InlineData("locale")]
    public void A_change_is_told_as_what_it_names(string detail, params string[] events) =>
        Assert.Equal(events, Of(Entry(AuditEvents.PrincipalChanged, detail: detail)).Select(signal => signal.Event), StringComparer.Ordinal);

    [Theory]
    [InlineData(AuditEvents.SignOut)]
    [InlineData(AuditEvents.SessionRevoked)]
    [InlineData(AuditEvents.ImpersonationEnded)]
    public void One_session_ends_by_its_id(string name) =>
        Assert.Equal([Session(Somebody, First)], SubjectsOf(Of(Entry(name, session: First))), StringComparer.Ordinal);

    [Theory]
    [InlineData(AuditEvents.PasswordSet, null)]
    [InlineData(AuditEvents.SecondFactorRemoved, null)]
    [InlineData(AuditEvents.NotMeReported, null)]
    [InlineData(AuditEvents.PrincipalDeleted, null)]
    [InlineData(AuditEvents.RefreshTokenRenewed, null)]
    [InlineData(AuditEvents.PrincipalChanged, "state=DISABLED")]
    [InlineData(AuditEvents.PrincipalChanged, "role=USER")]
    [InlineData(AuditEvents.SessionRevoked, "2 sessions")]
    public void Where_all_of_somebodys_sessions_end_they_are_told_and_each_in_which_they_were_another(string name, string? detail)
    {
        Assert.Equal([User(Somebody), Session(Another, Second)], SubjectsOf(Of(Entry(name, detail: detail), TwoSessions)), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(AuditEvents.PasswordSet)]
    [InlineData(AuditEvents.PrincipalDeleted)]
    public void Where_none_ends_none_is_told(string name) => Assert.Empty(SubjectsOf(Of(Entry(name))));

    [Theory]
    [InlineData(Somebody, "2 sessions, the current one stays", false)]
    [InlineData(Somebody, "2 sessions, delegated ones stay", false)]
    [InlineData(Somebody, "2 sessions", true)]
    [InlineData(null, "2 sessions", false)]
    public void Where_some_sessions_end_each_is_told(string? principal, string detail, bool ofOneSession)
    {
        var entry = Entry(AuditEvents.SessionRevoked, principal, detail, session: ofOneSession ? First : null);

        Assert.Equal([Session(Somebody, First), Session(Another, Second)], SubjectsOf(Of(entry, TwoSessions)), StringComparer.Ordinal);
    }

    [Fact]
    public void Of_very_many_sessions_their_people_are_told_and_of_very_many_people_everybody()
    {
        var entry = Entry(AuditEvents.SessionRevoked, principal: null, "100000 sessions");
        EndedSessionScope[] people = [new(Somebody, Session: null), new(Another, Session: null)];

        Assert.Equal([User(Somebody), User(Another)], SubjectsOf(Of(entry, people)), StringComparer.Ordinal);
        Assert.Equal(
            [$$$"""{"format":"complex","tenant":{"format":"opaque","id":"{{{Issuer}}}"}}"""],
            SubjectsOf(Of(entry, new EndedSessionScope(Principal: null, Session: null))), StringComparer.Ordinal);
        var whole = Entry(AuditEvents.PrincipalChanged, detail: "state=DISABLED");
        Assert.Equal([User(Somebody), User(Another)], SubjectsOf(Of(whole, people)), StringComparer.Ordinal);
    }

    [Fact]
    public void Whoever_did_it_is_named_by_kind()
    {
        Assert.Equal("user", InitiatorOf(Entry(AuditEvents.PasswordSet), actorType: PrincipalType.Person));
        Assert.Equal("admin", InitiatorOf(Entry(AuditEvents.PasswordSet, actor: Another), actorType: PrincipalType.Person));
        Assert.Equal("system", InitiatorOf(Entry(AuditEvents.PasswordSet, actor: "_files"), actorType: PrincipalType.Service));
        Assert.Equal("admin", InitiatorOf(AuditActor.CommandLine.CreateEntry(AuditEvents.PasswordSet, DateTimeOffset.UnixEpoch, Somebody), actorType: null));
        Assert.Equal("system", InitiatorOf(AuditActor.Service.CreateEntry(AuditEvents.PasswordSet, DateTimeOffset.UnixEpoch, Somebody), actorType: null));
    }

    [Fact]
    public void What_was_refused_and_what_is_not_in_the_table_is_told_nobody()
    {
        string[] told =
        [
            AuditEvents.PasswordSet, AuditEvents.SecondFactorConnected, AuditEvents.SecondFactorRemoved, AuditEvents.RecoveryCodesReplaced,
            AuditEvents.PasskeyAdded, AuditEvents.PasskeyRemoved, AuditEvents.ApiKeyCreated, AuditEvents.ApiKeyRevoked, AuditEvents.RefreshTokenRenewed,
            AuditEvents.NotMeReported, AuditEvents.EmailConfirmed, AuditEvents.PrincipalDeleted, AuditEvents.SignOut, AuditEvents.SessionRevoked,
            AuditEvents.ImpersonationEnded,
        ];

        Assert.All(AuditEvents.All, name => Assert.Empty(Of(Entry(name, session: First, outcome: AuditOutcome.Refused), TwoSessions)));
        Assert.Equal(
            told.Order(StringComparer.Ordinal),
            AuditEvents.All.Where(name => Of(Entry(name, session: First)).Count > 0).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    private static AuditEntry Entry(
        string name,
        string? principal = Somebody,
        string? detail = null,
        Guid? session = null,
        string? actor = null,
        AuditOutcome outcome = AuditOutcome.Success) =>
        new AuditActor(actor, IpAddress: null).CreateEntry(name, DateTimeOffset.UnixEpoch, principal, outcome, session, detail);

    private static IReadOnlyList<Signal> Of(AuditEntry entry, params EndedSessionScope[] ended) =>
        new SignalMapping(Issuer).Of(new SignalFacts(entry, entry.Principal is null ? null : Ada(), PrincipalType.Person, ended));

    private static string InitiatorOf(AuditEntry entry, PrincipalType? actorType) =>
        new SignalMapping(Issuer).Of(new SignalFacts(entry, Ada(), actorType, []))[0].Content["initiating_entity"]!.GetValue<string>();

    private static Principal Ada() => new()
    {
        Id = Somebody,
        FoldedId = Somebody,
        Uuid = First,
        Type = PrincipalType.Person,
        Role = Role.User,
        SearchText = Somebody,
        Profile = new() { Email = "ada@example.com", FirstNames = "Ada" },
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static IEnumerable<string> SubjectsOf(IEnumerable<Signal> signals) =>
        signals.Where(signal => signal.Event == SignalEvents.SessionRevoked).Select(signal => signal.Subject.ToJsonString());

    private static string User(string id) => new JsonObject { ["format"] = "iss_sub", ["iss"] = Issuer, ["sub"] = id }.ToJsonString();

    private static string Session(string principal, Guid id) => new JsonObject
    {
        ["format"] = "complex",
        ["user"] = JsonNode.Parse(User(principal)),
        ["session"] = new JsonObject { ["format"] = "opaque", ["id"] = $"{id}" },
    }.ToJsonString();
}
