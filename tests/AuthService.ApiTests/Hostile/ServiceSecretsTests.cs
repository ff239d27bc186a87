using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.CommandLine;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using AuthService.ApiTests.Sessions;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Hostile;

/// <summary>
/// No secret of services is stored or logged: API keys, magic links, stored tokens, kept responses, introspected tokens and those that commands make.
/// </summary>
public abstract class ServiceSecretsTests(Store store)
{
    [Fact]
    public async Task No_secret_of_an_application_is_left_anywhere()
    {
        await using var traced = await TracedHost.StartAsync(store);
        var (host, key) = (traced.Host, await traced.Host.NewApiKeyAsync());
        traced.Secrets.AddToken("API key", key.Key);

        var application = await host.CreateApplicationAsync(key.Key);
        var (dashboard, portal) = (await host.OpenDashboardAsync(key.Key, application), await host.OpenPortalAsync(key.Key, application));
        traced.Secrets.AddToken("dashboard", dashboard.Token).AddToken("portal", portal.Token);
        await host.ExpectAcceptedAsync(portal.Token, application);
        await host.GetAsync(AppTokenCalls.PathOf(application.Id), portal.Token + "x").ExpectAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync(AppTokenCalls.Applications, portal.Token).ExpectAsync(HttpStatusCode.Forbidden);
        await traced.ExpectNothingLeakedAsync();
        await host.PostAsync(AppTokenCalls.Logout, dashboard.Token).ExpectAsync(HttpStatusCode.NoContent);
        await host.PostAsync(AppTokenCalls.ExpireAllOf(application.Id), key.Key).ExpectAsync(HttpStatusCode.NoContent);
        await host.ExpectRefusedAsync(portal.Token, application);
        await host.RevokeAsync(key);
        await host.ExpectRefusedAsync(key);

        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_secret_of_an_answer_that_is_kept_is_left_anywhere()
    {
        await using var traced = await TracedHost.StartAsync(store);
        var (host, apiKey, key) = (traced.Host, await traced.Host.NewApiKeyAsync(), NewName("key"));
        var application = await host.CreateApplicationAsync(apiKey.Key);

        var first = await host.PostWithKeyAsync(AppTokenCalls.PortalOf(application.Id), apiKey.Key, key, new { }).PortalAsync();
        var again = await host.PostWithKeyAsync(AppTokenCalls.PortalOf(application.Id), apiKey.Key, key, new { }).PortalAsync();
        await host.PostWithKeyAsync(AppTokenCalls.PortalOf(application.Id), apiKey.Key, key, new { expiry = 3_600 })
            .ExpectAsync(HttpStatusCode.UnprocessableEntity);
        traced.Secrets.AddToken("API key", apiKey.Key).AddToken("kept", first.Token).Add("idempotency key", key);

        Assert.Equal(first, again);
        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_secret_of_a_session_that_a_service_keeps_is_left_anywhere()
    {
        const string stored = "Stored+Canary/Token=of é% single sign-on";
        await using var traced = await TracedHost.StartAsync(store);
        var (host, service, person) = (traced.Host, await traced.Host.CreateServiceAsync(), await traced.NewPersonAsync());
        var token = await host.ServiceTokenAsync(service.RefreshToken);
        var (_, acting) = await host.ImpersonatorAsync();
        traced.Secrets.Add("stored token", stored).AddToken("service refresh token", service.RefreshToken).AddJwt("service", token).Add("impersonator", acting);

        var path = $"/sessions/{await host.OpenAsync(token, person)}/tokens";
        await host.PutAsync($"{path}/graph", token, stored).ExpectAsync(HttpStatusCode.NoContent);
        await host.PutAsync($"{path}/plain", token, new StringContent(stored)).ExpectAsync(HttpStatusCode.NoContent);
        Assert.Equal(stored, (await host.GetAsync($"{path}/graph", token).ExpectAsync(HttpStatusCode.OK)).Text("value"));
        await host.PutAsync($"{path}/graph", token, new { value = stored }).ExpectAsync(HttpStatusCode.BadRequest);
        await host.PutAsync($"/sessions/{Guid.NewGuid()}/tokens/graph", token, stored).ExpectAsync(HttpStatusCode.NotFound);
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);
        traced.Secrets.AddJwt("impersonated", await host.RefreshAsync(acting.RefreshToken));
        await host.TryRevertAsync(token, acting.SessionId).ExpectAsync(HttpStatusCode.OK);
        await traced.ExpectNothingLeakedAsync();
        await host.DeleteAsync($"{path}/graph", token).ExpectAsync(HttpStatusCode.NoContent);
        await host.EndAsync(token, acting.SessionId);

        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_secret_of_a_token_that_is_asked_about_is_left_anywhere()
    {
        await using var traced = await TracedHost.StartAsync(store);
        var (host, service, session) = (traced.Host, await traced.Host.NewServiceTokenAsync(), await traced.Host.LoginAsync(await traced.NewPersonAsync()));
        traced.Secrets.AddJwt("service", service).Add("session", session);

        Assert.True(await host.IsActiveAsync(service, session.AccessToken));
        Assert.False(await host.IsActiveAsync(service, session.AccessToken + "x"));
        await host.IntrospectionAsync(session.AccessToken, session.AccessToken).ExpectAsync(HttpStatusCode.Forbidden);
        await host.RevokeAsync(service, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.RevokeAsync(service, session.RefreshToken).ExpectAsync(HttpStatusCode.OK);
        Assert.False(await host.IsActiveAsync(service, session.AccessToken));

        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_secret_of_a_client_of_OAuth_is_left_anywhere()
    {
        await using var traced = await TracedHost.StartAsync(store);
        var (host, client, other) = (traced.Host, await traced.Host.NewOAuthClientAsync(), await traced.Host.NewOAuthClientAsync());
        var refresh = (await host.LoginAsync(await traced.NewPersonAsync())).RefreshToken;
        var wrong = client with { Secret = $"sk_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}" };
        traced.Secrets.AddToken("client secret", client.Secret).AddToken("of another", other.Secret).AddToken("wrong", wrong.Secret)
            .AddToken("refresh token", refresh);
        var (id, secret) = (("client_id", client.Id), ("client_secret", client.Secret));

        traced.Secrets.AddJwt("by a header", (await host.ClientTokenAsync(client)).Text("access_token"));
        var inForm = await host.PostFormAsync(ClientCalls.Token, [("grant_type", "client_credentials"), id, secret]).ExpectAsync(HttpStatusCode.OK);
        traced.Secrets.AddJwt("by a form", inForm.Text("access_token"));
        var refreshed = await host.PostFormAsync(ClientCalls.Token, [("grant_type", "refresh_token"), ("refresh_token", refresh)])
            .ExpectAsync(HttpStatusCode.OK);
        traced.Secrets.AddJwt("refreshed", refreshed.Text("access_token"));
        foreach (var path in new[] { OAuthCalls.Introspect, OAuthCalls.Revoke })
        {
            await host.PostFormAsync(path, [("token", inForm.Text("access_token"))], client.Basic).ExpectAsync(HttpStatusCode.OK);
            await host.PostFormAsync(path, [("token", refresh), id, secret]).ExpectAsync(HttpStatusCode.OK);
            await host.PostFormAsync(path, [("token", refresh)], wrong.Basic).ExpectAsync(HttpStatusCode.Unauthorized);
        }

        await host.PostFormAsync(ClientCalls.Token, [("grant_type", "client_credentials")], wrong.Basic).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.PostFormAsync(ClientCalls.Token, [("grant_type", "client_credentials"), id, ("client_secret", other.Secret)])
            .ExpectAsync(HttpStatusCode.Unauthorized);
        await host.PostFormAsync(ClientCalls.Token, [("grant_type", "client_credentials"), id, secret], OAuthClient.BasicOf(client.Secret))
            .ExpectAsync(HttpStatusCode.BadRequest);
        await traced.ExpectNothingLeakedAsync();
    }

    /// <summary>Neither the rows with the reason, nor the responses to administrators, nor a dry run with a token may contain a secret.</summary>
    [Fact]
    public async Task No_secret_of_a_call_that_is_refused_is_left_anywhere()
    {
        await using var traced = await TracedHost.StartAsync(store);
        var (host, person) = (traced.Host, await traced.NewPersonAsync());
        var (session, service) = (await host.LoginAsync(person, "web"), await host.NewServiceTokenAsync());
        var (wrong, csrf) = (traced.NewPassword(), NewName("csrf"));
        traced.Secrets.AddJwt("service", service).Add("session", session).Add("csrf", csrf);
        var (typed, inOrigin) = (traced.NewPassword(), NewName("origin")); // the framework logs it

        List<Task<HttpResponseMessage>> calls =
        [
            host.TryLoginAsync(person.Id, wrong), host.TryLoginAsync(typed, wrong), host.TryRefreshAsync(session.RefreshToken),
            host.TryWebRefreshAsync(session with { CsrfToken = csrf }), host.GetAsync("/auth/sessions", $"{session.AccessToken}x"),
            host.GetAsync("/admin/principals", session.AccessToken), host.TryExtendAsync(service, session.AccessToken, ["billing:write"]),
            host.TryLoginAsync(person.Id, wrong, "web", ("Origin", $"https://{inOrigin}@elsewhere.example/{inOrigin}")),
        ];
        var told = new List<string>();
        foreach (var call in calls)
            told.Add($"{await host.RefusalOfAsync(call)}");
        told.AddRange((await host.RefusalsAsync("?limit=100")).Select(item => $"{item}"));
        foreach (var token in new[] { session.AccessToken, session.RefreshToken })
            told.Add($"{await host.TryExplainAsync(new { token, operation = "webRefresh" }).ExpectAsync(HttpStatusCode.OK)}");
        told.Add(await host.TryExplainAsync(new { principal = typed, operation = "webRefresh" }).ProblemAsync(HttpStatusCode.NotFound));

        traced.Secrets.ExpectNoneIn("what administrators are told", told);
        new Secrets().Add("in an origin", inOrigin).ExpectNoneIn("what administrators are told", told);
        await traced.ExpectNothingLeakedAsync();
    }

    /// <summary>A command may print its token on one line. It may neither print nor store it anywhere else.</summary>
    [Fact]
    public async Task No_secret_that_a_command_takes_or_makes_is_left_anywhere()
    {
        await using var traced = await TracedHost.StartAsync(store);
        var (host, person, service) = (traced.Host, NewName("person"), NewName("_service"));
        var (first, second) = (traced.NewPassword(), traced.NewPassword());

        var user = await RunAsync(host, ["user", "add", person], first);
        var changed = await RunAsync(host, ["user", "password", person], second);
        var refused = await RunAsync(host, ["user", "add", person], second);
        var made = await RunAsync(host, ["service", "add", service]);
        var renewed = await RunAsync(host, ["service", "renew", service]);
        var token = renewed.Output.Trim().Split('\n')[^1];
        traced.Secrets.AddToken("made", made.Output.Trim().Split('\n')[^1]).AddToken("renewed", token).Add("signed in", await host.LoginAsync(person, second));
        await host.RefreshAsync(token);

        string[] said = [user.Output, user.Errors, changed.Output, changed.Errors, refused.Output, refused.Errors, made.Errors, renewed.Errors];
        traced.Secrets.ExpectNoneIn("what commands say", said);
        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task A_secret_would_be_found_in_each_of_these_places()
    {
        await using var traced = await TracedHost.StartAsync(store);
        await traced.Host.CreatePersonAsync(new() { ["lastName"] = "Canary-of-a-name" });
        await traced.Host.GetAsync("/auth/canary-of-a-path").ExpectAsync(HttpStatusCode.NotFound);

        (string, string)[] canaries =
            [("canary-of-a-path", "in the log"), ("authservice.sessions.started", "in spans and metrics"), ("Canary-of-a-name", "in the database")];
        foreach (var (secret, where) in canaries)
        {
            var found = await Assert.ThrowsAsync<Xunit.Sdk.FalseException>(() => traced.ExpectNoneAsync(new Secrets().Add("canary", secret)));
            Assert.Contains(where, found.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_secret_would_be_found_in_each_form()
    {
        const string secret = "Canary+Pass/word é%";
        var bytes = System.Text.Encoding.UTF8.GetBytes($"before: {secret} after");

        string[] forms =
        [
            secret, Uri.EscapeDataString(secret), Convert.ToHexStringLower(bytes),
            Convert.ToBase64String(bytes), Convert.ToBase64String(bytes[1..]), Convert.ToBase64String(bytes[2..]),
        ];

        Assert.Throws<Xunit.Sdk.FalseException>(() => new Secrets().AddDigits("code", "492039").ExpectNoneIn("a form", ["code=492039&more"]));
        new Secrets().AddDigits("code", "492039").ExpectNoneIn("longer numbers", ["0.492039 ms, 1492039, 492039-7"]);
        Assert.All(forms, form => Assert.Throws<Xunit.Sdk.FalseException>(() => new Secrets().Add("canary", secret).ExpectNoneIn("a form", [form])));
    }

    private static async Task<CommandResult> RunAsync(AuthHost host, string[] arguments, string input = "")
    {
        using var folder = new ServiceFolder();
        return await folder.RunProcessAsync(CommandRuns.OnStoreOf(host).With(TracedHost.Traced), arguments, input);
    }

    public sealed class OnSqlite() : ServiceSecretsTests(Store.Sqlite);

    public sealed class OnPostgres() : ServiceSecretsTests(Store.Postgres);
}
