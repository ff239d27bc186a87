using System.Buffers.Text;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>The checker of second factors and links is tested: it finds each kind of violation, and nothing else.</summary>
public sealed class FactorCheckerTests : IDisposable
{
    private static readonly Entry SetUp = new("sign_in", IsRefusal: false, Actor: null, "0199d6a0-0000-7000-8000-000000000001", Detail: null)
    {
        Principal = "ada",
    };

    private static readonly Entry SignedIn = SetUp with { SessionId = "0199d6a0-0000-7000-8000-000000000002" };

    private readonly Recorder _recorder = new();
    private readonly LoadUsers _users = new([], new Person("limited", "", ""), new Service("_service", ""))
    {
        Owing = [new Person("grace", "", "")],
    };

    [Fact]
    public void A_blameless_load_is_not_blamed()
    {
        Note(CallKind.PasswordStep, "ada", 200, """{"2fa":"2fa_1"}""");
        Note(CallKind.Code, "ada 2fa_1 code", null);
        Note(CallKind.Code, "ada 2fa_1 code", 401);
        Note(CallKind.ConfirmAddress, "ada link", 204);
        Note(CallKind.ConfirmAddress, "ada link", 400);
        Note(CallKind.Overreach, "grace", 403);
        Note(CallKind.Owing, "grace", 200, $$"""{"accessToken":"{{TokenOf(twoFactors: false)}}"}""");

        Assert.Empty(Find(SetUp, SignedIn, SignedIn with { Principal = "grace" }));
    }

    [Theory]
    [InlineData(nameof(CallKind.Code), "2fa_1 code", "2fa_2 code")]
    [InlineData(nameof(CallKind.Code), "2fa_1 code", "2fa_1 another")]
    [InlineData(nameof(CallKind.Passkey), "challenge", "challenge")]
    [InlineData(nameof(CallKind.ConfirmAddress), "link", "link")]
    [InlineData(nameof(CallKind.ResetPassword), "link", "link")]
    [InlineData(nameof(CallKind.NotMe), "link", "link")]
    public void What_works_twice_is_found(string kind, string one, string other)
    {
        Note(Enum.Parse<CallKind>(kind), $"ada {one}", 200);
        Note(Enum.Parse<CallKind>(kind), $"ada {other}", 200);

        ExpectFound("I8");
    }

    [Theory]
    [InlineData("2fa_1 code", "2fa_2 code")]
    [InlineData("2fa_1 code", "2fa_1 another")]
    public void What_worked_twice_without_an_answer_is_found(string one, string other)
    {
        Note(CallKind.Code, $"ada {one}", null);
        Note(CallKind.Code, $"ada {other}", null);

        ExpectFound("I8", SetUp, SignedIn, SignedIn);
    }

    [Fact]
    public void A_link_that_set_two_passwords_is_found()
    {
        Note(CallKind.ResetPassword, "ada link", 200);
        var set = new Entry("password_set", IsRefusal: false, Actor: null, SessionId: null, Detail: null) { Principal = "ada" };

        ExpectFound("I8", set, set);
    }

    [Fact]
    public void A_token_for_a_password_alone_is_found()
    {
        Note(CallKind.PasswordStep, "ada", 200, """{"accessToken":"token"}""");

        ExpectFound("I11");
    }

    [Fact]
    public void A_token_that_hides_what_its_person_owes_is_found()
    {
        Note(CallKind.Owing, "grace", 200, $$"""{"access_token":"{{TokenOf(twoFactors: true)}}"}""");

        ExpectFound("I11");
    }

    [Fact]
    public void What_opens_to_somebody_who_owes_is_found()
    {
        Note(CallKind.Overreach, "grace", 200);

        ExpectFound("I11");
    }

    [Fact]
    public void What_somebody_who_owes_did_without_an_answer_is_found() =>
        ExpectFound("I11", new Entry("one_time_token_issued", IsRefusal: false, "grace", SessionId: null, Detail: null));

    public void Dispose() => _recorder.Dispose();

    private static string TokenOf(bool twoFactors)
    {
        var claims = twoFactors ? """{"twoFactorAuthentication":true}""" : """{"twoFactorAuthentication":false}""";
        return $"header.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.signature";
    }

    private void Note(CallKind kind, string subject, int? status, string body = "{}") =>
        _recorder.Note(new Call(kind, subject, TimeSpan.Zero, TimeSpan.Zero, status, body, SaysWhenToRetry: true));

    private IReadOnlyList<string> Find(params Entry[] entries)
    {
        var snapshot = new DatabaseSnapshot(entries, new HashSet<string>(StringComparer.Ordinal), [], Claims: 0, Enabled: 0);
        return [.. new FactorChecker(_recorder, _users, snapshot).FindViolations()];
    }

    private void ExpectFound(string rule, params Entry[] entries) =>
        Assert.Contains(Find(entries), violation => violation.StartsWith(rule, StringComparison.Ordinal));
}
