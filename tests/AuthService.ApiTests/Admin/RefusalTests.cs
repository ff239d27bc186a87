using System.Globalization;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Sessions;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Admin;

/// <summary>With the trace id of an error, one call finds the rule that refused, the principal, the session and the deciding facts.</summary>
public abstract class RefusalTests(AuthHost host)
{
    private const string Unknown = "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Fact]
    public async Task The_trace_of_a_refused_refresh_says_which_rule_and_whom_it_was_about()
    {
        await using var own = await host.StartAnotherAsync(new() { ["Sessions:IdleTimeout"] = "01:00:00", ["Sessions:Lifetime"] = "02:00:00" });
        using var frozen = own.Clock.Freeze();
        var session = await own.SignedInPersonAsync();
        var person = Requests.ClaimsOf(session.AccessToken).Text("sub");

        await ExpectAsync(own, own.TryRefreshAsync(Unknown), "refresh", 401, "UNKNOWN_TOKEN", principal: null, session: null);
        await own.TryWebRefreshAsync(session with { CsrfToken = "" }).ExpectAsync(HttpStatusCode.BadRequest);
        var wrongMode = await own.RefusalOfAsync(own.TryRefreshAsync((await own.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword, "web")).RefreshToken));
        Assert.Equal(("WRONG_MODE", "Web", AuthHost.AdminId), (wrongMode.Text("reason"), Fact(wrongMode, "mode"), wrongMode.Text("principal")));

        own.Clock.Advance(TimeSpan.FromMinutes(61));
        var idle = await ExpectAsync(own, own.TryRefreshAsync(session.RefreshToken), "refresh", 401, "SESSION_SUSPENDED", person, session.SessionId);
        Assert.Equal(("IDLE", "01:00:00"), (idle.Text("code"), Fact(idle, "idleTimeout")));
        Assert.Equal("The session was idle for longer than its idle timeout", idle.Text("rule"));
        Assert.Equal("127.0.0.1", idle.Text("ipAddress"));
        Assert.True(Moment(Fact(idle, "suspendAt")) < idle.GetProperty("at").GetDateTimeOffset());
        Assert.DoesNotContain(await own.RefusalsAsync("?limit=100"), item => item.GetProperty("status").GetInt32() is 400); // bad input is no refusal
    }

    [Fact]
    public async Task Each_reason_is_found_with_its_facts()
    {
        await using var own = await host.StartAnotherAsync(new() { ["Extensions:Policies:_svc:0"] = "files:read", ["Jwt:OneTimeTokenLifetime"] = "00:01:00" });
        var person = await own.CreatePersonAsync();
        var session = await own.LoginAsync(person);
        var service = await own.NewServiceTokenAsync("_svc");

        await ExpectAsync(own, own.TryLoginAsync(person.Id, "wrong"), "passwordLogin", 401, "WRONG_PASSWORD", person.Id, session: null);
        await ExpectAsync(own, own.TryLoginAsync(NewName("nobody"), "wrong"), "passwordLogin", 401, "UNKNOWN_PRINCIPAL", principal: null, session: null);
        await ExpectAsync(own, own.TryLoginAsync("_svc", "wrong"), "passwordLogin", 401, "NO_PERSON", "_svc", session: null);
        await ExpectAsync(own, own.GetAsync("/auth/sessions"), "listUserSessions", 401, "NO_CREDENTIAL", principal: null, session: null);
        await ExpectAsync(own, own.GetAsync("/auth/sessions", "no token"), "listUserSessions", 401, "INVALID_TOKEN", principal: null, session: null);
        var forbidden = await ExpectAsync(
            own, own.GetAsync("/admin/principals", session.AccessToken), "listPrincipals", 403, "ROLE_NOT_ALLOWED", person.Id, session.SessionId);
        Assert.Equal(("User", person.Id), (Fact(forbidden, "role"), forbidden.Text("caller")));
        var jti = $"{Guid.CreateVersion7()}";
        await own.TryClaimAsync(service, jti).ExpectAsync(HttpStatusCode.NoContent);
        var claimed = await own.RefusalOfAsync(own.TryClaimAsync(service, jti));
        Assert.Equal(("ALREADY_CLAIMED", "_svc", jti), (claimed.Text("reason"), claimed.Text("caller"), Fact(claimed, "jti")));
        var narrowed = await own.RefusalOfAsync(own.TryExtendAsync(service, session.AccessToken, ["billing:write"]));
        Assert.Equal(("SCOPE_NOT_IN_POLICY", "billing:write"), (narrowed.Text("reason"), Fact(narrowed, "requested")));
        var browser = await own.LoginAsync(person, "web");
        await ExpectAsync(
            own, own.TryWebLogoutAsync(browser with { CsrfToken = "wrong" }), "webLogout", 401, "WRONG_CSRF_TOKEN", principal: null, session: null);
        var foreign = await own.RefusalOfAsync(own.TryLoginAsync(person.Id, person.Password, "web", ("Origin", "https://elsewhere.example")));
        Assert.Equal(("UNTRUSTED_ORIGIN", "https://elsewhere.example"), (foreign.Text("reason"), Fact(foreign, "origin")));
        var taken = await own.RefusalOfAsync(own.PostAsync(Administration.Root, await own.AdminTokenAsync(), new { id = person.Id, password = NewPassword() }));
        Assert.Equal(("ID_IN_USE", AuthHost.AdminId, 409), (taken.Text("reason"), taken.Text("caller"), taken.GetProperty("status").GetInt32()));

        await own.PatchPersonAsync(person, new() { ["role"] = "ADMIN" });
        await ExpectAsync(own, own.GetAsync("/auth/sessions", session.AccessToken), "listUserSessions", 401, "UNKNOWN_SESSION", person.Id, session.SessionId);
        var ended = await ExpectAsync(own, own.TryRefreshAsync(session.RefreshToken), "refresh", 401, "SESSION_ENDED", person.Id, session.SessionId);
        Assert.Equal(("ACCOUNT_CHANGED", AuthHost.AdminId, "ACCOUNT_CHANGED"), (Fact(ended, "ended"), Fact(ended, "endedBy"), ended.Text("code")));
        using var frozen = own.Clock.Freeze(); // the clock stands still so that the lock does not expire
        await own.FailAsync(person.Id, 5);
        var locked = await own.RefusalOfAsync(own.TryLoginAsync(person.Id, person.Password));
        Assert.Equal(("NAME_LOCKED", person.Id, 429), (locked.Text("reason"), locked.Text("principal"), locked.GetProperty("status").GetInt32()));
        Assert.NotEmpty(Fact(locked, "retryAfter"));
    }

    /// <summary>The error does not name the principal or the exact reason. The recorded refusal does, as far as they are known.</summary>
    [Fact]
    public async Task Nobody_is_missing_who_is_known()
    {
        await using var own = await host.StartAnotherAsync();
        var (person, session) = (await own.CreatePersonAsync(), await own.SignedInPersonAsync());
        var owner = Requests.ClaimsOf(session.AccessToken).Text("sub");
        await own.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await own.ChangeAsync(person.Id, new { passwordResetRequested = true });

        await ExpectAsync(own, own.PostAsync("/auth/logout", session.RefreshToken), "logout", 401, "SESSION_ENDED", owner, session.SessionId);
        await ExpectAsync(own, own.PostAsync("/auth/refresh"), "refresh", 401, "NO_CREDENTIAL", principal: null, session: null);
        await ExpectAsync(own, own.PostAsync("/auth/refresh", session.AccessToken), "refresh", 401, "UNKNOWN_TOKEN", principal: null, session: null);
        var gone = await ExpectAsync(
            own, own.GetAsync("/auth/sessions", session.AccessToken), "listUserSessions", 401, "UNKNOWN_SESSION", owner, session.SessionId);
        Assert.Equal(("SIGNED_OUT", true), (Fact(gone, "ended"), Fact(gone, "endedAt").Length > 0));
        using var form = new FormUrlEncodedContent([new("username", person.Id), new("password", person.Password), new("service", "web")]);
        using var page = await own.SendAsync(HttpMethod.Post, "/login", json: form);
        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        var requested = await UntilListedAsync(own, "PASSWORD_RESET_REQUESTED");
        Assert.Equal((person.Id, "/login", 403), (requested.Text("principal"), requested.Text("operation"), requested.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task A_budget_that_is_used_up_is_a_refusal_too()
    {
        await using var own = await host.StartAnotherAsync(new() { ["RateLimits:Enabled"] = "true", ["RateLimits:LoginPerIpPerMinute"] = "1" });
        using var frozen = own.Clock.Freeze();
        await own.TryLoginAsync(NewName("nobody"), "wrong").TraceIdAsync();

        var refused = await own.TryLoginAsync(NewName("nobody"), "wrong").TraceIdAsync();

        Assert.Equal(("BUDGET_USED_UP", "passwordLogin"), await OfAsync(refused));

        async Task<(string, string)> OfAsync(string trace)
        {
            own.Clock.Advance(TimeSpan.FromHours(1));
            var item = await own.RefusalOfAsync(trace);
            return (item.Text("reason"), item.Text("operation"));
        }
    }

    [Fact]
    public async Task What_one_instance_refused_another_explains_and_lists()
    {
        await using var own = await host.StartAnotherAsync();
        await using var twin = await own.StartTwinAsync();
        var person = await own.CreatePersonAsync();
        string[] traces = [await own.TryLoginAsync(person.Id, "wrong").TraceIdAsync(), await twin.TryLoginAsync(person.Id, "wrong").TraceIdAsync()];
        foreach (var trace in traces)
            Assert.Equal(person.Id, (await own.RefusalOfAsync(trace, askedAt: twin)).Text("principal"));
        await own.RefusalOfAsync(own.TryRefreshAsync(Unknown));

        var listed = await own.RefusalsAsync($"?principal={person.Id.ToUpperInvariant()}");
        Assert.Equal(traces.Order(StringComparer.Ordinal), listed.Select(item => item.Text("traceId")).Order(StringComparer.Ordinal));
        Assert.Empty(await own.RefusalsAsync($"?principal={person.Id}&reason=UNKNOWN_TOKEN"));
        Assert.Empty(await own.RefusalsAsync("?from=2999-01-01"));
        Assert.Single(await own.RefusalsAsync("?reason=UNKNOWN_TOKEN"));
        var page = await own.GetAsync("/admin/refusals?limit=2", await own.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        var rest = await own.GetAsync($"/admin/refusals?limit=2&cursor={page.Text("nextCursor")}", await own.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal((2, 1, JsonValueKind.Null),
            (page.GetProperty("items").GetArrayLength(), rest.GetProperty("items").GetArrayLength(), rest.GetProperty("nextCursor").ValueKind));
    }

    [Fact]
    public async Task After_a_day_it_is_forgotten()
    {
        await using var own = await host.StartAnotherAsync(new() { ["CleanUp:Interval"] = "00:00:00.100" });
        using var frozen = own.Clock.Freeze();
        var trace = await own.TryRefreshAsync(Unknown).TraceIdAsync();
        await own.RefusalOfAsync(trace);

        own.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal("UNKNOWN_TRACE", await own.GetAsync($"/admin/refusals/{trace}", await own.NewAdminTokenAsync()).ProblemAsync(HttpStatusCode.NotFound));
        await Eventually.CountsAsync(own, "refused_calls", 0);
    }

    [Theory]
    [InlineData("4bf92f3577b34da6a3ce929d0e0e4736", HttpStatusCode.NotFound, "UNKNOWN_TRACE")]
    [InlineData("4BF92F3577B34DA6A3CE929D0E0E4736", HttpStatusCode.NotFound, "UNKNOWN_TRACE")]
    [InlineData("4bf92f3577b34da6a3ce929d0e0e473", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("4bf92f3577b34da6a3ce929d0e0e473g", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("'%20OR%201=1", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    public async Task A_trace_id_that_says_nothing_is_refused_in_words(string trace, HttpStatusCode status, string code) =>
        Assert.Equal(code, await host.GetAsync($"/admin/refusals/{trace}", await host.AdminTokenAsync()).ProblemAsync(status));

    [Theory]
    [InlineData("?reason=session suspended")]
    [InlineData("?reason=")]
    [InlineData("?from=yesterday")]
    [InlineData("?limit=0")]
    [InlineData("?cursor=AAAA")]
    public async Task A_bad_filter_is_refused(string query) =>
        Assert.Equal("BAD_REQUEST", await host.GetAsync($"/admin/refusals{query}", await host.AdminTokenAsync()).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task Only_administrators_are_told()
    {
        var session = await host.SignedInPersonAsync();
        var trace = await host.GetAsync("/admin/principals", session.AccessToken).TraceIdAsync();

        await host.GetAsync($"/admin/refusals/{trace}", session.AccessToken).ProblemAsync(HttpStatusCode.Forbidden);
        await host.GetAsync("/admin/refusals", await host.NewServiceTokenAsync()).ProblemAsync(HttpStatusCode.Forbidden);
    }

    private static async Task<JsonElement> ExpectAsync(
        AuthHost own, Task<HttpResponseMessage> call, string operation, int status, string code, string? principal, string? session)
    {
        var refusal = await own.RefusalOfAsync(call);
        Assert.Equal((operation, status, code), (refusal.Text("operation"), refusal.GetProperty("status").GetInt32(), refusal.Text("reason")));
        Assert.Equal((principal, session), (refusal.GetProperty("principal").GetString(), refusal.GetProperty("sessionId").GetString()));
        return refusal;
    }

    private static async Task<JsonElement> UntilListedAsync(AuthHost own, string reason)
    {
        for (var tries = 0; tries < 1_200; tries++)
        {
            if (await own.RefusalsAsync($"?reason={reason}") is [var item, ..])
                return item;
            await Task.Delay(50);
        }

        throw new TimeoutException($"Nothing was refused for {reason}");
    }

    private static string Fact(JsonElement refusal, string name) => refusal.GetProperty("facts").Text(name);

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RefusalTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RefusalTests(store.Host);
}
