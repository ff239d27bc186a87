using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

public abstract class OpenSessionTests(AuthHost host)
{
    [Fact]
    public async Task A_session_is_enabled_at_once_and_Location_leads_to_it()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());

        using var response = await host.TryOpenAsync(service, person.Uuid);

        var made = await response.ExpectAsync(HttpStatusCode.Created);
        Assert.Equal($"/sessions/{made.Text("sessionId")}", response.Headers.Location?.OriginalString);
        Assert.Equal(("ENABLED", person.Uuid), (made.Text("state"), made.GetProperty("user").Text("uuid")));
        var shown = await host.GetAsync(response.Headers.Location!.OriginalString, service).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(made.ToString(), shown.ToString());
    }

    /// <summary>The call reads the person while they are enabled, and inserts the session after they were disabled.</summary>
    [Fact]
    public async Task Nobody_has_one_who_is_disabled_meanwhile()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());

        await using var change = await host.Database.BeginAsync(
            $"UPDATE principals SET state = 1, security_stamp = security_stamp + 1 WHERE id = '{person.Id}'");
        var call = host.TryOpenAsync(service, person.Uuid);
        await change.ExpectToHoldUpAsync(call);
        await change.Transaction.CommitAsync();

        await call.CodeAsync(HttpStatusCode.Conflict, "USER_NOT_ENABLED");
    }

    [Fact]
    public async Task An_administrator_may_open_one_too()
    {
        var person = await host.CreatePersonAsync();

        await host.TryOpenAsync(await host.AdminTokenAsync(), person.Uuid).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task What_is_said_of_it_is_shown()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());

        var made = await host.GetSessionAsync(service, await host.OpenAsync(service, person, new()
        {
            ["enable"] = false,
            ["mobileDevice"] = true,
            ["cookieDomain"] = "example.com",
            ["sso"] = new JsonObject { ["provider"] = "entra", ["identifier"] = "ann@corp" },
            ["passedOver"] = new JsonArray(1, 2),
        }));

        Assert.Equal(("NEW", "example.com"), (made.Text("state"), made.Text("cookieDomain")));
        Assert.True(made.GetProperty("mobile").GetBoolean());
        Assert.Equal(("entra", "ann@corp"), (made.GetProperty("sso").Text("provider"), made.GetProperty("sso").Text("identifier")));
        Assert.Equal("entra", made.GetProperty("user").GetProperty("ssoProvider").Text("code"));
        Assert.Equal("ann@corp", made.GetProperty("user").Text("ssoIdentifier"));
    }

    [Theory]
    [InlineData(false, 14 * 24 * 60, 30 * 24 * 60)]
    [InlineData(true, 30, 8 * 60)]
    public async Task It_has_the_lifetimes_of_its_kind_of_computer(bool publicComputer, int idleMinutes, int minutes)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        using var frozen = host.Clock.Freeze();

        var made = await host.GetSessionAsync(service, await host.OpenAsync(service, person, new() { ["publicComputer"] = publicComputer }));

        var created = made.GetProperty("created").GetDateTimeOffset();
        Assert.InRange(host.Clock.GetUtcNow() - created, TimeSpan.FromMilliseconds(-1), TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.FromMinutes(idleMinutes), made.GetProperty("suspend").GetDateTimeOffset() - created);
        Assert.Equal(TimeSpan.FromMinutes(minutes), made.GetProperty("expire").GetDateTimeOffset() - created);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("sub.example.com")]
    [InlineData("xexample.com")]
    [InlineData("com")]
    [InlineData("")]
    public async Task A_cookie_domain_that_is_not_configured_is_refused_and_nothing_is_opened(string domain)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());

        await host.TryOpenAsync(service, person.Uuid, new() { ["cookieDomain"] = domain }).CodeAsync(HttpStatusCode.BadRequest, "INVALID_COOKIE_DOMAIN_NAME");

        var sessions = await host.SessionsAsync((await host.LoginAsync(person)).AccessToken);
        Assert.Equal(1, sessions.GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task It_is_opened_for_people_who_are_there_only()
    {
        var (service, deleted) = (await host.NewServiceTokenAsync("_svc"), await host.CreatePersonAsync());
        await host.DeletePersonAsync(deleted);
        var account = await host.GetAsync("/admin/principals/_svc", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);

        foreach (var nobody in new[] { Guid.NewGuid().ToString(), deleted.Uuid, account.Text("uuid") })
            await host.TryOpenAsync(service, nobody).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Theory]
    [InlineData("""{"state":"DISABLED"}""", "USER_NOT_ENABLED")]
    [InlineData("""{"agreement":{"state":"REQUESTED"}}""", "USER_AGREEMENT_REQUESTED")]
    [InlineData("""{"passwordResetRequested":true}""", "PASSWORD_RESET_REQUESTED")]
    public async Task A_person_who_has_to_do_something_first_gets_none_until_it_is_done(string obstacle, string code)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        await host.PatchPersonAsync(person, JsonNode.Parse(obstacle)!.AsObject());

        await host.TryOpenAsync(service, person.Uuid).CodeAsync(HttpStatusCode.Conflict, code);

        await host.PatchPersonAsync(
            person, new() { ["state"] = "ENABLED", ["agreement"] = new JsonObject { ["state"] = "ACCEPTED" }, ["passwordResetRequested"] = false });
        await host.OpenAsync(service, person);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"userUuid":null}""")]
    [InlineData("""{"userUuid":"ann"}""")]
    [InlineData("""{"userUuid":7}""")]
    [InlineData("""{"userUuid":UUID,"userUuid":UUID}""")]
    [InlineData("""{"userUuid":UUID,"enable":"yes"}""")]
    [InlineData("""{"userUuid":UUID,"mobileDevice":1}""")]
    [InlineData("""{"userUuid":UUID,"publicComputer":[]}""")]
    [InlineData("""{"userUuid":UUID,"cookieDomain":{}}""")]
    [InlineData("""{"userUuid":UUID,"sso":"entra"}""")]
    [InlineData("""{"userUuid":UUID,"sso":{}}""")]
    [InlineData("""{"userUuid":UUID,"sso":{"provider":"entra","identifier":""}}""")]
    [InlineData("""{"userUuid":UUID,"x":1,"x":2}""")]
    [InlineData("""{"userUuid":UUID""")]
    public async Task A_malformed_request_is_refused_and_nothing_is_opened(string text)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var body = AuthCalls.Json(text.Replace("UUID", $"\"{person.Uuid}\"", StringComparison.Ordinal));

        await host.PostAsync("/sessions", service, body).CodeAsync(HttpStatusCode.BadRequest, "BAD_REQUEST");

        var sessions = await host.SessionsAsync((await host.LoginAsync(person)).AccessToken);
        Assert.Equal(1, sessions.GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task Another_content_type_is_415_and_a_body_over_64_KiB_413()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var text = $$"""{"userUuid":"{{person.Uuid}}"}""";

        await host.PostAsync("/sessions", service, new StringContent(text)).CodeAsync(HttpStatusCode.UnsupportedMediaType, "BAD_REQUEST");
        await host.PostAsync("/sessions", service, AuthCalls.Json(text + new string(' ', 64 * 1024)))
            .CodeAsync(HttpStatusCode.RequestEntityTooLarge, "BAD_REQUEST");
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : OpenSessionTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : OpenSessionTests(store.Host);
}
