using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using AuthService.ApiTests.OAuth;
using Xunit;
using static AuthService.ApiTests.Auth.SecondFactorCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>Runs an instance that requires a second factor of everybody.</summary>
public abstract class RequiringHost(Hosting.Store store) : IAsyncLifetime
{
    private AuthHost? _host;

    public AuthHost Host => _host!;

    public async Task InitializeAsync() => _host = await AuthHost.StartAsync(store, new() { ["TwoFactor:Required"] = "Everyone" });

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

public sealed class RequiringOnSqlite() : RequiringHost(Hosting.Store.Sqlite);

public sealed class RequiringOnPostgres() : RequiringHost(Hosting.Store.Postgres);

/// <summary>If a second factor is required, a person without one can only set one up.</summary>
public abstract class OwedFactorTests(RequiringHost required) : IAsyncLifetime
{
    private readonly AuthHost _host = required.Host;

    /// <summary>Takes the second factor away from the administrator that another test connected.</summary>
    public async Task InitializeAsync()
    {
        foreach (var table in new[] { "recovery_codes", "totp_factors" })
            await _host.Database.ExecuteAsync($"DELETE FROM {table} WHERE principal_number = (SELECT number FROM principals WHERE id = '{AuthHost.AdminId}')");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Everybody_connects_an_app_first_and_goes_on_in_the_same_session()
    {
        var administrator = await SetUpAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        var person = await CreateAsync(administrator);
        var session = await _host.LoginAsync(person);
        Assert.False(Requests.ClaimsOf(session.AccessToken).GetProperty("twoFactorAuthentication").GetBoolean());
        await ExpectStoppedAsync(session.AccessToken);
        Assert.True((await _host.GetAsync(Status, session.AccessToken).ExpectAsync(HttpStatusCode.OK)).GetProperty("required").GetBoolean());

        await _host.GuardedAsync(session, person);

        var token = await _host.RefreshAsync(session.RefreshToken);
        Assert.True(Requests.ClaimsOf(token).GetProperty("twoFactorAuthentication").GetBoolean());
        await _host.GetAsync(AccountCalls.Sessions, token).ExpectAsync(HttpStatusCode.OK);
        await _host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Of_all_operations_that_ask_for_a_token_the_set_up_alone_is_open()
    {
        string[] open =
        [
            "POST /auth/2fa", "GET /auth/2fa/status", "POST /auth/reauthenticate", "POST /auth/reauthenticate/options",
            "GET /account/passkeys", "POST /account/passkeys/options", "POST /account/passkeys",
        ];
        var token = (await _host.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword)).AccessToken;
        var found = new List<string>();
        foreach (var operation in (await _host.ListAllOperationsAsync()).Where(operation => operation.NeedsToken))
        {
            using var answer = await _host.SendAsync(operation.Method, operation.SomePath, token);
            if (answer.StatusCode is not HttpStatusCode.Forbidden)
                found.Add($"{operation}");
        }

        Assert.Equal(open.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_passkey_is_a_second_factor_too()
    {
        using var authenticator = new SoftwareAuthenticator();
        var administrator = await SetUpAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        var person = await CreateAsync(administrator);
        var session = await _host.LoginAsync(person);
        await ExpectStoppedAsync(session.AccessToken);

        await _host.AddPasskeyAsync(session.AccessToken, authenticator);

        await _host.GetAsync(AccountCalls.Sessions, await _host.RefreshAsync(session.RefreshToken)).ExpectAsync(HttpStatusCode.OK);
        await _host.GetAsync(AccountCalls.Sessions, (await _host.LoginAsync(authenticator)).AccessToken).ExpectAsync(HttpStatusCode.OK);
        var passwordAlone = (await _host.LoginAsync(person)).AccessToken;
        await ExpectStoppedAsync(passwordAlone);
        var another = await _host.PostAsync(PasskeyCalls.SetUpOptions, passwordAlone).RefusalAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("FRESH_SIGN_IN_REQUIRED", another.Code);
        var prompt = await _host.ProofPromptAsync(passwordAlone);
        var proved = await _host.TryProveAsync(passwordAlone, new { challengeId = prompt.ChallengeId, credential = authenticator.Get(prompt.Options) })
            .ExpectAsync(HttpStatusCode.OK);
        await _host.GetAsync(AccountCalls.Sessions, proved.Text("accessToken")).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_owes_it_may_sign_out()
    {
        var session = await _host.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);

        await _host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task No_token_that_is_made_from_one_that_owes_opens_more()
    {
        var administrator = await SetUpAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        var person = await CreateAsync(administrator);
        var session = await _host.LoginAsync(person);
        var service = await _host.PostAsync("/admin/principals", administrator, new { id = "_svc", type = "SERVICE" }).ExpectAsync(HttpStatusCode.Created);
        var caller = await _host.RefreshAsync(service.Text("refreshToken"));

        await _host.PostAsync("/auth/extend", caller, new { validJWT = session.AccessToken, requestedScopes = new[] { "files:write" }, expiresIn = 1000 })
            .ExpectAsync(HttpStatusCode.Forbidden);
        var oneTime = await _host.PostAsync("/auth/request?audience=files:read", session.AccessToken).RefusalAsync(HttpStatusCode.Forbidden);
        Assert.Equal("TWO_FACTOR_REQUIRED", oneTime.Code);
        await ExpectStoppedAsync(await _host.RefreshAsync(session.RefreshToken));
        var granted = await _host.PostFormAsync(ClientCalls.Token, [("grant_type", "refresh_token"), ("refresh_token", session.RefreshToken)])
            .ExpectAsync(HttpStatusCode.OK);
        await ExpectStoppedAsync(granted.Text("access_token"));
        var proved = await _host.TryProveAsync(session.AccessToken, new { password = person.Password }).ExpectAsync(HttpStatusCode.OK);
        await ExpectStoppedAsync(proved.Text("accessToken"));
    }

    private async Task ExpectStoppedAsync(string token)
    {
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, AccountCalls.Sessions), (HttpMethod.Get, "/auth/sessions"), (HttpMethod.Delete, "/auth/sessions"),
            (HttpMethod.Delete, SetUp), (HttpMethod.Post, RecoveryCodes), (HttpMethod.Get, "/admin/principals"), (HttpMethod.Put, "/account/password"),
        })
        {
            var refusal = await _host.SendAsync(method, path, token).RefusalAsync(HttpStatusCode.Forbidden);
            Assert.True(path.StartsWith("/account", StringComparison.Ordinal) || refusal.Code is "TWO_FACTOR_REQUIRED", $"{method} {path}: {refusal}");
        }
    }

    private async Task<string> SetUpAsync(string id, string password)
    {
        var session = await _host.LoginAsync(id, password);
        await _host.GuardedAsync(session, new Person(id, password, ""));
        return await _host.RefreshAsync(session.RefreshToken);
    }

    private async Task<Person> CreateAsync(string administrator)
    {
        var (id, password) = (NewName("person"), NewPassword());
        var created = await _host.PostAsync("/admin/principals", administrator, new JsonObject { ["id"] = id, ["password"] = password })
            .ExpectAsync(HttpStatusCode.Created);
        return new Person(id, password, created.Text("uuid"));
    }

    public sealed class OnSqlite(RequiringOnSqlite required) : OwedFactorTests(required), IClassFixture<RequiringOnSqlite>;

    public sealed class OnPostgres(RequiringOnPostgres required) : OwedFactorTests(required), IClassFixture<RequiringOnPostgres>;
}
