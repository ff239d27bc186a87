using System.Buffers.Text;
using System.Text;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Webhooks;
using Xunit;
using Xunit.Sdk;

namespace AuthService.ApiTests.Faults;

/// <summary>The checker is tested: it finds every kind of violation, and none in a correct load.</summary>
public sealed class CheckerTests : IDisposable
{
    private const string Session = "0199d6a0-0000-7000-8000-000000000001";
    private const string Other = "0199d6a0-0000-7000-8000-000000000002";

    private static readonly Entry Begun = new("session_opened", IsRefusal: false, "_service", Session, Detail: null);
    private static readonly Entry SignedOut = new("sign_out", IsRefusal: false, "somebody", Session, Detail: null);
    private static readonly Entry Claimed = new("one_time_token_claimed", IsRefusal: false, "_service", SessionId: null, "jti");

    private static readonly EndedRow Gone = new(Session, Reason: 0, At: 1);

    private readonly Recorder _recorder = new();
    private readonly LoadUsers _users = new([], new Person("limited", "", ""), new Service("_service", ""));

    [Fact]
    public void A_blameless_load_is_not_blamed()
    {
        Note(CallKind.Refresh, Session, 200, sent: 1);
        Note(CallKind.SignOut, Session, null, sent: 2);
        Note(CallKind.SignOut, Session, 401, sent: 3);
        Note(CallKind.Refresh, Session, 401, sent: 4);
        Note(CallKind.Claim, "jti", 204);
        Note(CallKind.Claim, "jti", 409);

        Assert.Empty(Find(new DatabaseSnapshot([Begun, SignedOut, Claimed], Sessions(), [], Claims: 1, Enabled: 0) { Ended = [Gone] }));
    }

    [Fact]
    public void A_token_of_a_session_that_was_ended_is_found()
    {
        Note(CallKind.SignOut, Session, 204, sent: 1);
        Note(CallKind.Refresh, Session, 200, sent: 2);

        ExpectFound("I1", new DatabaseSnapshot([Begun, SignedOut], Sessions(), [], Claims: 0, Enabled: 0));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(401)]
    public void A_session_that_was_ended_and_is_used_is_found(int signedOut)
    {
        Note(CallKind.SignOut, Session, signedOut, sent: 1);
        Note(CallKind.Use, Session, 200, sent: 2);

        ExpectFound("I1", new DatabaseSnapshot([Begun, SignedOut], Sessions(), [], Claims: 0, Enabled: 0));
    }

    [Fact]
    public void A_session_that_is_used_before_its_end_is_acknowledged_is_not_blamed()
    {
        Note(CallKind.SignOut, Session, 204, sent: 1);
        Note(CallKind.Use, Session, 200, sent: 1.2);

        Assert.Empty(Find(new DatabaseSnapshot([Begun, SignedOut], Sessions(), [], Claims: 0, Enabled: 0) { Ended = [Gone] }));
    }

    /// <summary>The instance would accept both tokens, or one of them.</summary>
    [Theory]
    [InlineData("GET", "an access token")]
    [InlineData("POST", "a refresh token")]
    public async Task An_instance_that_accepts_a_token_of_an_ended_session_is_found(string accepted, string words)
    {
        await using var liar = await WebhookReceiver.StartAsync();
        liar.OnRequest = context => WebhookReceiver.Answer(context.Request.Method == accepted ? 200 : 401)(context);
        Note(CallKind.SignOut, Session, 204, sent: 1);
        _users.Sessions[Session] = new SessionTokens("rt", "at");
        var snapshot = new DatabaseSnapshot([Begun, SignedOut], Sessions(), [], Claims: 0, Enabled: 0) { Ended = [Gone] };

        var found = await Assert.ThrowsAsync<XunitException>(() => Checker.ExpectNoViolationAsync(_recorder, _users, snapshot, new Uri(liar.Url)));

        Assert.Contains($"I1: {words} of session {Session} was", found.Message, StringComparison.Ordinal);
        Assert.StartsWith("1 violations", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_that_refuses_a_session_that_nobody_ended_is_found()
    {
        await using var liar = await WebhookReceiver.StartAsync();
        liar.OnRequest = WebhookReceiver.Answer(401);
        _users.Sessions[Session] = new SessionTokens("rt", AccessTokenUntil(TimeProvider.System.GetUtcNow().AddHours(1)));
        _users.Sessions[Other] = new SessionTokens("rt", AccessTokenUntil(TimeProvider.System.GetUtcNow()));

        var found = await Assert.ThrowsAsync<XunitException>(() => Checker.ExpectNoViolationAsync(_recorder, _users, Nothing(), new Uri(liar.Url)));

        Assert.StartsWith("3 violations", found.Message, StringComparison.Ordinal); // an access token that has expired is refused correctly
    }

    [Fact]
    public void A_second_claim_is_found()
    {
        Note(CallKind.Claim, "jti", 204);
        Note(CallKind.Claim, "jti", 204);

        ExpectFound("I2", new DatabaseSnapshot([Claimed], Sessions(), [], Claims: 1, Enabled: 0));
    }

    [Fact]
    public void A_sixth_guess_is_found()
    {
        for (var guess = 0; guess < 6; guess++)
            Note(CallKind.Guess, "nobody", 401);

        ExpectFound("I3", Nothing());
    }

    /// <summary>
    /// The guesses are sent at once and wait for a slow database. The first lock of 5 s has ended for the sixth, the second of 25 s for the eleventh.
    /// </summary>
    [Theory]
    [InlineData(6, 4.4, true)]
    [InlineData(6, 4.6, false)]
    [InlineData(11, 29.4, true)]
    [InlineData(11, 29.6, false)]
    public void A_guess_is_judged_again_only_after_the_lock(int guesses, double last, bool isFound)
    {
        for (var guess = 1; guess < guesses; guess++)
            Note(CallKind.Guess, "nobody", 401, sent: guess <= 5 ? 0 : 5);
        Note(CallKind.Guess, "nobody", 401, sent: last);

        Assert.Equal(isFound, Find(Nothing()).Any(violation => violation.StartsWith("I3", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_enabled_too_many_is_found()
    {
        for (var session = 0; session <= LoadUsers.Limit; session++)
        {
            Note(CallKind.Enable, $"{session}", 204, sent: 1);
            Note(CallKind.End, $"{session}", 404, sent: 3);
        }

        var granted = new Entry("product_access_granted", IsRefusal: false, "_service", Session, Detail: null);
        ExpectFound("I3", new DatabaseSnapshot([granted, granted, granted], Sessions(), [], Claims: 0, Enabled: 0));
    }

    [Fact]
    public void An_application_that_was_made_twice_is_found()
    {
        Note(CallKind.CreateApplication, "key", 201, body: """{"id":"app_1"}""");
        var made = new[] { "app_1", "app_2" }.Select(id => new Entry("application_created", IsRefusal: false, "_service", SessionId: null, id));

        ExpectFound("I3", new DatabaseSnapshot([.. made], Sessions(), [("key", "app_1"), ("key", "app_2")], Claims: 0, Enabled: 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_action_that_is_not_on_record_exactly_once_is_found(int rows)
    {
        Note(CallKind.Claim, "jti", 204);

        ExpectFound("I4", new DatabaseSnapshot([.. Enumerable.Repeat(Claimed, rows)], Sessions(), [], Claims: rows, Enabled: 0));
    }

    [Fact]
    public void What_is_there_in_part_is_found()
    {
        ExpectFound("Half-written", new DatabaseSnapshot([], Sessions(Other), [], Claims: 0, Enabled: 0));
        ExpectFound("Half-written", new DatabaseSnapshot([Begun], Sessions(), [], Claims: 0, Enabled: 0));
        ExpectFound("Half-written", new DatabaseSnapshot([Begun], Sessions(Session), [], Claims: 0, Enabled: 0) { Ended = [Gone] });
        ExpectFound("Half-written", new DatabaseSnapshot([Begun], Sessions(), [], Claims: 0, Enabled: 0) { Ended = [Gone] });
        ExpectFound("Half-written", new DatabaseSnapshot([Begun, SignedOut], Sessions(), [], Claims: 0, Enabled: 0));
        ExpectFound("Half-written", new DatabaseSnapshot([], Sessions(), [], Claims: 1, Enabled: 0));
        ExpectFound("Half-written", new DatabaseSnapshot([], Sessions(), [("key", "app_1")], Claims: 0, Enabled: 0));
    }

    [Theory]
    [InlineData(500, "", true)]
    [InlineData(503, "", false)]
    [InlineData(503, "57P01: terminating connection", true)]
    [InlineData(400, "INSERT INTO sessions", true)]
    public void An_answer_that_says_too_much_or_too_little_is_found(int status, string body, bool saysWhenToRetry)
    {
        Note(CallKind.Refresh, Session, status, body: body, saysWhenToRetry: saysWhenToRetry);

        ExpectFound("I6", Nothing());
    }

    public void Dispose() => _recorder.Dispose();

    private static DatabaseSnapshot Nothing() => new([], Sessions(), [], Claims: 0, Enabled: 0);

    private static string AccessTokenUntil(DateTimeOffset end) =>
        $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"exp":{{end.ToUnixTimeSeconds()}}}"""))}.c2ln";

    private static HashSet<string> Sessions(params string[] ids) => ids.ToHashSet(StringComparer.Ordinal);

    private void Note(CallKind kind, string subject, int? status, double sent = 0, string body = "", bool saysWhenToRetry = true) =>
        _recorder.Note(new Call(kind, subject, TimeSpan.FromSeconds(sent), TimeSpan.FromSeconds(sent + 0.5), status, body, saysWhenToRetry));

    private IReadOnlyList<string> Find(DatabaseSnapshot snapshot) => new Checker(_recorder, _users, snapshot).FindViolations();

    private void ExpectFound(string rule, DatabaseSnapshot snapshot) =>
        Assert.Contains(Find(snapshot), violation => violation.StartsWith(rule, StringComparison.Ordinal));
}
