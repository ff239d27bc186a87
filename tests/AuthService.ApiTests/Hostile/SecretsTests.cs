using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Hostile;

public abstract class SecretsTests(AuthHost host)
{
    private const string WrongPassword = "Wr0ng+Canary/Pass=word é%1";
    private const string DatabasePassword = "Database+Canary/Pass=word";

    private readonly Secrets _secrets = new Secrets().Add("wrong password", WrongPassword).Add("admin's password", AuthHost.AdminPassword).Add("database password", DatabasePassword);

    [Fact]
    public async Task No_secret_of_a_sign_in_is_logged()
    {
        await using var twin = await StartTracedAsync();
        var person = await NewPersonAsync(twin);

        _secrets.Add("app", await twin.LoginAsync(person));
        _secrets.Add("web", await twin.LoginAsync(person, "web"));
        await twin.TryLoginAsync(person.Id, WrongPassword).ExpectAsync(HttpStatusCode.Unauthorized);
        await twin.TryLoginAsync(Hosting.Principals.NewName("nobody"), WrongPassword).ExpectAsync(HttpStatusCode.Unauthorized);
        await twin.TryLoginAsync(WrongPassword, WrongPassword).ExpectAsync(HttpStatusCode.Unauthorized);
        await twin.TryLoginAsync(person.Id, WrongPassword, headers: ("Origin", "https://evil.example")).ExpectAsync(HttpStatusCode.Forbidden);
        await twin.TryLoginAsync(person.Id, WrongPassword, service: "unknown").ExpectAsync(HttpStatusCode.BadRequest);
        await twin.PostAsync("/auth/login", json: Broken(WrongPassword)).ExpectAsync(HttpStatusCode.BadRequest);
        await twin.PostAsync("/auth/login", json: new { username = person.Id, password = new[] { WrongPassword } }).ExpectAsync(HttpStatusCode.BadRequest);

        ExpectNothingLogged(twin);
    }

    [Fact]
    public async Task No_secret_of_a_session_is_logged()
    {
        await using var twin = await StartTracedAsync();
        var person = await NewPersonAsync(twin);
        var app = await twin.LoginAsync(person);
        var web = await twin.LoginAsync(person, "web");
        _secrets.Add("app", app).Add("web", web);

        _secrets.AddJwt("refreshed", await twin.RefreshAsync(app.RefreshToken));
        _secrets.AddJwt("web refreshed", (await twin.TryWebRefreshAsync(web).ExpectAsync(HttpStatusCode.OK)).Text("accessToken"));
        await twin.TryWebRefreshAsync(web with { CsrfToken = app.CsrfToken }).ExpectAsync(HttpStatusCode.Unauthorized);
        await twin.SendAsync(HttpMethod.Post, "/auth/refresh/web", headers: SignIns.AsBrowser(web, "https://evil.example")).ExpectAsync(HttpStatusCode.Forbidden);
        await twin.TryRefreshAsync(web.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        await twin.TryRefreshAsync(app.RefreshToken + "x").ExpectAsync(HttpStatusCode.Unauthorized);
        await twin.GetAsync("/auth/sessions", app.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await twin.GetAsync("/auth/sessions", app.AccessToken + "x").ExpectAsync(HttpStatusCode.Unauthorized);
        await twin.GetAsync("/auth/sessions", app.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        await twin.GetAsync("/admin/principals", app.AccessToken).ExpectAsync(HttpStatusCode.Forbidden);
        await twin.PostAsync("/auth/logout", app.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await twin.PostAsync("/auth/logout", app.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        await twin.TryWebLogoutAsync(web).ExpectAsync(HttpStatusCode.NoContent);
        await twin.GetAsync("/auth/sessions", web.AccessToken).ExpectAsync(HttpStatusCode.Unauthorized);

        ExpectNothingLogged(twin);
    }

    [Fact]
    public async Task No_secret_of_a_delegation_is_logged()
    {
        await using var twin = await StartTracedAsync();
        var user = await twin.LoginAsync(await NewPersonAsync(twin));
        var service = await twin.CreateServiceAsync("_svc");
        var token = await twin.ServiceTokenAsync(service.RefreshToken);
        _secrets.Add("user", user).Add("standing credential", service.RefreshToken["rt_".Length..]).AddJwt("service", token);

        var oneTime = await twin.PostAsync("/auth/request?audience=files:read", user.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await twin.PostAsync($"/auth/claim?jti={oneTime.Text("jti")}", token).ExpectAsync(HttpStatusCode.NoContent);
        await twin.PostAsync($"/auth/claim?jti={oneTime.Text("jti")}", token).ExpectAsync(HttpStatusCode.Conflict);
        var extension = await twin.PostAsync("/auth/extend", token, Extend(user.AccessToken, "files:read")).ExpectAsync(HttpStatusCode.OK);
        await twin.PostAsync("/auth/extend", token, Extend(user.AccessToken, "jobs:read")).ExpectAsync(HttpStatusCode.Forbidden);
        await twin.PostAsync("/auth/extend", token, Extend(user.AccessToken + "x", "files:read")).ExpectAsync(HttpStatusCode.Unauthorized);
        await twin.PostAsync("/auth/extend", token, Extend(oneTime.Text("accessToken"), "files:read")).ExpectAsync(HttpStatusCode.Unauthorized);
        await twin.PostAsync("/auth/logout/bulk", token, new { tokens = new[] { extension.Text("refreshToken"), user.RefreshToken } }).ExpectAsync(HttpStatusCode.NoContent);
        _secrets.AddJwt("one-time token", oneTime.Text("accessToken")).AddJwt("extended", extension.Text("accessToken"))
            .Add("extended: refresh token", extension.Text("refreshToken")["rt_".Length..]).Add("extended: CSRF token", extension.Text("csrfToken"));

        ExpectNothingLogged(twin);
    }

    [Fact]
    public async Task No_secret_is_logged_when_the_database_fails()
    {
        await using var broken = await host.StartAnotherAsync(Traced());
        var person = await NewPersonAsync(broken);
        var app = await broken.LoginAsync(person);
        var web = await broken.LoginAsync(person, "web");
        _secrets.Add("app", app).Add("web", web);

        await broken.Database.ExecuteAsync("ALTER TABLE sessions RENAME TO sessions_gone");
        await broken.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.ServiceUnavailable);
        await broken.TryRefreshAsync(app.RefreshToken).ExpectAsync(HttpStatusCode.ServiceUnavailable);
        await broken.TryWebRefreshAsync(web).ExpectAsync(HttpStatusCode.ServiceUnavailable);
        await broken.TryWebLogoutAsync(web).ExpectAsync(HttpStatusCode.ServiceUnavailable);
        await broken.GetAsync("/auth/sessions", app.AccessToken).ExpectAsync(HttpStatusCode.ServiceUnavailable);

        Assert.Contains(broken.Log.Lines, line => line.Contains("Exception", StringComparison.Ordinal));
        ExpectNothingLogged(broken);
    }

    [Fact]
    public async Task The_recorder_would_see_a_secret()
    {
        await using var twin = await StartTracedAsync();

        await twin.GetAsync("/health/live?canary-in-the-query=1").ExpectAsync(HttpStatusCode.OK);

        Assert.Contains(twin.Log.Lines, line => line.StartsWith("Trace ", StringComparison.Ordinal) || line.StartsWith("Debug ", StringComparison.Ordinal));
        Assert.Throws<Xunit.Sdk.FalseException>(() => new Secrets().Add("canary", "canary-in-the-query").ExpectNoneIn(twin.Log.Lines));
    }

    private static object Extend(string jwt, string scope) => new { validJWT = jwt, requestedScopes = new[] { scope }, expiresIn = 60_000, allowRefreshes = true };

    private static StringContent Broken(string password) => new($$"""{"username": "a", "password": "{{password}}", """, Encoding.UTF8, "application/json");

    private async Task<Person> NewPersonAsync(AuthHost on)
    {
        var person = await on.CreatePersonAsync(new() { ["password"] = $"P+w/d={RandomNumberGenerator.GetHexString(16)} ü%" });
        _secrets.Add($"password of {person.Id}", person.Password);
        return person;
    }

    private Task<AuthHost> StartTracedAsync()
    {
        var settings = Traced();
        if (host.Database.IsPostgres)
            settings["ConnectionStrings:Postgres"] = new NpgsqlConnectionStringBuilder(host.Database.ConnectionString) { Password = DatabasePassword }.ConnectionString;
        return host.StartTwinAsync(settings);
    }

    private Settings Traced()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var secret = key.ExportParameters(includePrivateParameters: true).D!;
        var pem = key.ExportPkcs8PrivateKeyPem();
        _secrets.Add("signing key", pem).Add("signing key: one line", pem.Split('\n')[2]).Add("signing key: hex", Convert.ToHexString(secret))
            .Add("signing key: base64", Convert.ToBase64String(secret).TrimEnd('='))
            .Add("signing key: base64url", System.Buffers.Text.Base64Url.EncodeToString(secret));
        return new() { ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:Microsoft"] = "Trace", ["Jwt:SigningKeys:0:PrivateKeyPem"] = pem };
    }

    private void ExpectNothingLogged(AuthHost on)
    {
        Assert.Contains(on.Log.Lines, line => line.StartsWith("Debug Microsoft.EntityFrameworkCore", StringComparison.Ordinal));
        _secrets.ExpectNoneIn(on.Log.Lines);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SecretsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SecretsTests(store.Host);
}
