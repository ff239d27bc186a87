using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Admin;

/// <summary>A dry run lists the result of every rule, and agrees with what the real call does.</summary>
public abstract class ExplainTests(AuthHost host)
{
    [Fact]
    public async Task Of_what_is_allowed_every_rule_passes()
    {
        var session = await host.SignedInPersonAsync("web");

        await ExpectAsync(new { session = session.SessionId, operation = "webRefresh" });
        await ExpectAsync(new { token = session.RefreshToken, operation = "webRefresh" });
        await ExpectAsync(new { token = session.AccessToken, operation = "listUserSessions" });
        await ExpectAsync(new { session = session.SessionId, operation = "listUserSessions" });
        var answer = await ExpectAsync(new { principal = Requests.ClaimsOf(session.AccessToken).Text("sub").ToUpperInvariant(), operation = "passwordLogin" });

        Assert.Equal(["NAME_LOCKED", "NO_PERSON", "NO_PASSWORD", "PRINCIPAL_DISABLED", "PRINCIPAL_DELETED", "PASSWORD_RESET_REQUESTED"],
            answer.GetProperty("rules").EnumerateArray().Select(rule => rule.Text("reason")), StringComparer.Ordinal);
        await host.UseAsync(session);
    }

    [Theory]
    [InlineData("WRONG_MODE", "session", "refresh")]
    [InlineData("WRONG_MODE", "refresh token", "refresh")]
    [InlineData("UNKNOWN_TOKEN", "access token", "webRefresh")]
    [InlineData("INVALID_TOKEN", "refresh token", "listUserSessions")]
    [InlineData("ROLE_NOT_ALLOWED", "access token", "listPrincipals")]
    [InlineData("ROLE_NOT_ALLOWED", "session", "bulkInvalidate")]
    [InlineData("ROLE_NOT_ALLOWED", "session", "deleteAllSessions")]
    [InlineData("UNKNOWN_TOKEN", "access token", "logout")]
    [InlineData("ONE_TIME_TOKEN", "one-time token", "requestOneTimeTokenWithAudience")]
    [InlineData("ROLE_NOT_ALLOWED", "principal", "listAuditEntries")]
    [InlineData("INVALID_TOKEN", "nonsense", "listUserSessions")]
    [InlineData("UNKNOWN_TOKEN", "unknown refresh token", "refresh")]
    public async Task A_rule_that_refuses_is_named(string reason, string what, string operation)
    {
        var session = await host.SignedInPersonAsync("web");
        object question = what switch
        {
            "session" => new { session = session.SessionId, operation },
            "refresh token" => new { token = session.RefreshToken, operation },
            "access token" => new { token = session.AccessToken, operation },
            "principal" => new { principal = Requests.ClaimsOf(session.AccessToken).Text("sub"), operation },
            "one-time token" => new { token = await host.OneTimeTokenAsync(session.AccessToken), operation },
            "nonsense" => new { token = "nonsense", operation },
            _ => new { token = $"rt_{new string('A', 43)}", operation },
        };

        await ExpectAsync(question, reason);
    }

    [Fact]
    public async Task What_happens_to_a_session_is_seen_in_its_rules()
    {
        await using var own = await host.StartAnotherAsync(new() { ["Sessions:IdleTimeout"] = "01:00:00", ["Sessions:Lifetime"] = "02:00:00" });
        using var frozen = own.Clock.Freeze();
        var (person, service) = (await own.CreatePersonAsync(), await own.NewServiceTokenAsync());
        var (idle, ended) = (await own.LoginAsync(person), await own.LoginAsync(person));
        var opened = await own.OpenAsync(service, person, new() { ["enable"] = false });

        await ExpectAsync(own, new { session = opened, operation = "refresh" }, "UNKNOWN_TOKEN", "SESSION_NEW");
        await own.PostAsync("/auth/logout", ended.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await ExpectAsync(own, new { session = ended.SessionId, operation = "passwordLogin" });
        await ExpectAsync(own, new { session = ended.SessionId, operation = "logout" }, "SESSION_ENDED");
        var tombstone = await ExpectAsync(own, new { session = ended.SessionId, operation = "refresh" }, "SESSION_ENDED");
        Assert.Equal((person.Id, ended.SessionId), (tombstone.Text("principalId"), tombstone.Text("sessionId")));
        Assert.Equal("SIGNED_OUT", tombstone.GetProperty("rules")[0].GetProperty("facts").Text("ended"));
        own.Clock.Advance(TimeSpan.FromMinutes(61));
        await own.NewAdminTokenAsync();
        await ExpectAsync(own, new { session = idle.SessionId, operation = "refresh" }, "SESSION_SUSPENDED");
        await own.Database.ExecuteAsync($"UPDATE principals SET state = 1, security_stamp = security_stamp + 1 WHERE id = '{person.Id}'");
        await ExpectAsync(own, new { session = idle.SessionId, operation = "refresh" }, "PRINCIPAL_DISABLED", "PRINCIPAL_CHANGED", "SESSION_SUSPENDED");
        await ExpectAsync(own, new { principal = person.Id, operation = "passwordLogin" }, "PRINCIPAL_DISABLED");
    }

    [Fact]
    public async Task A_fresh_proof_and_a_second_factor_are_told_of()
    {
        await using var own = await host.StartAnotherAsync();
        var administrator = await own.GuardedAsync(await own.CreatePersonAsync(new() { ["role"] = "ADMIN" }));
        var session = await own.SignedInPersonAsync(facts: new() { ["role"] = "ADMIN" });
        await using var twin = await own.StartTwinAsync(new() { ["TwoFactor:Required"] = "Admins", ["Sessions:FreshFor"] = "00:10:00" });
        twin.Clock.Advance(SecondFactorCalls.Step * 2);
        twin.AdminToken = (await twin.LoginAsync(administrator)).AccessToken;

        await ExpectAsync(twin, new { token = session.AccessToken, operation = "listPrincipals" }, "SECOND_FACTOR_OWED");
        await ExpectAsync(twin, new { token = session.AccessToken, operation = "createCredentials" });
        twin.Clock.Advance(TimeSpan.FromHours(1));
        twin.AdminToken = (await twin.LoginAsync(administrator)).AccessToken;
        await ExpectAsync(twin, new { session = session.SessionId, operation = "createApiKey" }, "SECOND_FACTOR_OWED", "PROOF_TOO_OLD");
        await ExpectAsync(twin, new { token = twin.AdminToken, operation = "createApiKey" });
    }

    [Fact]
    public async Task Services_are_told_of_their_credentials()
    {
        var service = await host.CreateServiceAsync();
        var key = (await host.PostAsync($"{Administration.PathOf(service.Id)}/api-keys", await host.AdminTokenAsync(), new { name = "a key" })
            .ExpectAsync(HttpStatusCode.Created)).Text("key");

        await ExpectAsync(new { token = key, operation = "openSession" });
        await ExpectAsync(new { token = key, operation = "getToken" });
        await ExpectAsync(new { token = service.RefreshToken, operation = "getToken" });
        await ExpectAsync(new { token = service.RefreshToken, operation = "logout" }, "UNKNOWN_TOKEN");
        await ExpectAsync(new { token = service.RefreshToken, operation = "refresh" });
        await ExpectAsync(new { token = service.RefreshToken, operation = "webRefresh" }, "UNKNOWN_TOKEN");
        await ExpectAsync(new { token = key, operation = "listPrincipals" }, "ROLE_NOT_ALLOWED");
        await ExpectAsync(new { principal = service.Id, operation = "passwordLogin" }, "NO_PERSON");
        var listed = await host.GetAsync($"{Administration.PathOf(service.Id)}/api-keys", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, listed[0].GetProperty("lastUsedAt").ValueKind);
    }

    [Theory]
    [InlineData("""{"operation": "refresh"}""", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("""{"session": "0199b2e4-7c31-7d5a-9f0e-3b6a51c8d204", "principal": "a", "operation": "refresh"}""", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("""{"session": "0199b2e4-7c31-7d5a-9f0e-3b6a51c8d204"}""", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("""{"session": "0199b2e4", "operation": "refresh"}""", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("""{"principal": "", "operation": "refresh"}""", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("""{"token": 5, "operation": "refresh"}""", HttpStatusCode.BadRequest, "BAD_REQUEST")]
    [InlineData("""{"session": "0199b2e4-7c31-7d5a-9f0e-3b6a51c8d204", "operation": "refresh"}""", HttpStatusCode.NotFound, "UNKNOWN_SESSION")]
    [InlineData("""{"principal": "nobody-of-this-name", "operation": "refresh"}""", HttpStatusCode.NotFound, "UNKNOWN_PRINCIPAL")]
    [InlineData("""{"principal": "admin", "operation": "fly"}""", HttpStatusCode.NotFound, "UNKNOWN_OPERATION")]
    public async Task A_bad_question_is_refused_in_words(string body, HttpStatusCode status, string code)
    {
        using var content = AuthCalls.Json(body);

        Assert.Equal(code, await host.SendAsync(HttpMethod.Post, "/admin/explain", await host.AdminTokenAsync(), content).ProblemAsync(status));
    }

    private Task<JsonElement> ExpectAsync(object question, params string[] refusing) => ExpectAsync(host, question, refusing);

    private static async Task<JsonElement> ExpectAsync(AuthHost host, object question, params string[] refusing)
    {
        var answer = await host.TryExplainAsync(question).ExpectAsync(HttpStatusCode.OK);
        var refused = answer.GetProperty("rules").EnumerateArray().Where(rule => rule.GetProperty("refuses").GetBoolean());
        Assert.Equal(refusing, refused.Select(rule => rule.Text("reason")), StringComparer.Ordinal);
        Assert.Equal(refusing.Length == 0, answer.GetProperty("allowed").GetBoolean());
        return answer;
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ExplainTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ExplainTests(store.Host);
}
