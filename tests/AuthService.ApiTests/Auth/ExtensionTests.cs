using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>An extension gives the caller a token with fewer rights; every other request is refused.</summary>
public abstract class ExtensionTests(AuthHost host)
{
    private const long Day = 24 * 60 * Delegations.Minute;

    [Fact]
    public async Task An_extended_token_is_the_persons_narrowed_and_names_the_service()
    {
        var session = await host.SignedInPersonAsync();
        using var response = await host.TryExtendAsync(
            await host.NewServiceTokenAsync("_svc"), session.AccessToken, ["files.upload:WRITE", "files:read:path!L2hvbWU="], 90_000);

        var answer = await response.ExpectAsync(HttpStatusCode.OK);
        var claims = Requests.ClaimsOf(answer.Text("accessToken"));

        Assert.Equal(["accessToken"], answer.EnumerateObject().Select(member => member.Name), StringComparer.Ordinal);
        Assert.Equal(["files.upload:write", "files:read:path!L2hvbWU="], claims.Texts("aud"));
        Assert.Equal(["_svc"], claims.Texts("extendedByChain"));
        Assert.Equal(("_svc", session.SessionId, Requests.ClaimsOf(session.AccessToken).Text("sub")),
            (claims.Text("extendedBy"), claims.Text("sid"), claims.Text("sub")));
        Assert.Equal(90, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.False(claims.TryGetProperty("jti", out _));
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(Day)]
    public async Task Expires_in_is_from_0_to_24_hours(long milliseconds)
    {
        var session = await host.SignedInPersonAsync();
        var answer = await host.TryExtendAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, ["files:read"], milliseconds)
            .ExpectAsync(HttpStatusCode.OK);

        var claims = Requests.ClaimsOf(answer.Text("accessToken"));

        Assert.Equal(milliseconds / 1000, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task What_is_made_from_an_impersonated_token_never_outlives_it()
    {
        using var frozen = host.Clock.Freeze();
        var (service, (_, session)) = (await host.NewServiceTokenAsync("_svc"), await host.ImpersonatorAsync());
        await host.ImpersonateAsync(session.AccessToken, session.SessionId, await host.CreatePersonAsync());
        var source = await host.RefreshAsync(session.RefreshToken);
        var end = EndOf(source);

        var extended = (await host.TryExtendAsync(service, source, ["files:write"], Day).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        var again = (await host.TryExtendAsync(service, extended, ["files:write"], Day).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        host.Clock.Advance(DateTimeOffset.FromUnixTimeSeconds(end - 10) - host.Clock.GetUtcNow());
        var oneTime = await host.OneTimeTokenAsync(source);

        Assert.Equal([end, end, end], [EndOf(extended), EndOf(again), EndOf(oneTime)]);
        host.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.False(await host.HoldsAsync(extended));

        static long EndOf(string token) => Requests.ClaimsOf(token).GetProperty("exp").GetInt64();
    }

    [Theory]
    [InlineData("expiresIn", "-1")]
    [InlineData("expiresIn", "86400001")]
    [InlineData("expiresIn", "9223372036854775807")]
    [InlineData("expiresIn", "99999999999999999999")]
    [InlineData("expiresIn", "\"60000\"")]
    [InlineData("expiresIn", "1.5")]
    [InlineData("expiresIn", "null")]
    [InlineData("expiresIn", null)]
    [InlineData("requestedScopes", "[]")]
    [InlineData("requestedScopes", "null")]
    [InlineData("requestedScopes", "\"files:read\"")]
    [InlineData("requestedScopes", "[null]")]
    [InlineData("requestedScopes", "[\"\"]")]
    [InlineData("requestedScopes", "[\"files\"]")]
    [InlineData("requestedScopes", "[\"files:read\",\"files:fly\"]")]
    [InlineData("requestedScopes", "[\"files:read,files:write\"]")]
    [InlineData("requestedScopes", "[7]")]
    [InlineData("requestedScopes", null)]
    [InlineData("validJWT", "null")]
    [InlineData("validJWT", "\"\"")]
    [InlineData("validJWT", "7")]
    [InlineData("validJWT", null)]
    [InlineData("allowRefreshes", "\"true\"")]
    [InlineData("allowRefreshes", "1")]
    public async Task A_malformed_member_is_refused(string member, string? json)
    {
        var session = await host.SignedInPersonAsync();
        var body = new JsonObject
        {
            ["validJWT"] = session.AccessToken,
            ["requestedScopes"] = new JsonArray("files:read"),
            ["expiresIn"] = 60_000,
            ["allowRefreshes"] = false
        };
        body.Remove(member);
        if (json is not null)
            body[member] = JsonNode.Parse(json);

        await host.PostAsync("/auth/extend", await host.NewServiceTokenAsync("_svc"), body).RefusalAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_body_must_be_small_and_JSON()
    {
        var caller = await host.NewServiceTokenAsync("_svc");

        await host.PostAsync("/auth/extend", caller).RefusalAsync(HttpStatusCode.BadRequest);
        await host.PostAsync("/auth/extend", caller, new StringContent("{}", Encoding.UTF8, "text/plain")).RefusalAsync(HttpStatusCode.UnsupportedMediaType);
        await host.PostAsync("/auth/extend", caller, new StringContent("{\"validJWT\":\"a\",\"validJWT\":\"b\"}", Encoding.UTF8, "application/json"))
            .RefusalAsync(HttpStatusCode.BadRequest);
        await host.TryExtendAsync(caller, new string('x', 70_000), ["files:read"]).RefusalAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    /// <summary>A session stores its scopes separated by spaces, so white space would split the metadata.</summary>
    [Fact]
    public async Task White_space_in_metadata_is_refused()
    {
        var session = await host.SignedInPersonAsync();

        await host.TryExtendAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, ["files:read:key!d g=="], allowRefreshes: true)
            .RefusalAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task More_scopes_than_a_token_can_hold_are_refused()
    {
        var session = await host.SignedInPersonAsync();
        var scopes = Enumerable.Range(0, 1000).Select(i => $"files.part{i}:read").ToArray();

        await host.TryExtendAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, scopes).RefusalAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_is_no_valid_access_token_cannot_be_extended()
    {
        var caller = await host.NewServiceTokenAsync("_svc");
        var (active, gone) = (await host.SignedInPersonAsync(), await host.SignedInPersonAsync());
        await host.PostAsync("/auth/logout", gone.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        var parts = active.AccessToken.Split('.');

        foreach (var text in new[]
        {
            "x", "a.b.c", active.RefreshToken, gone.AccessToken, await host.OneTimeTokenAsync(active.AccessToken, "files:write"),
            $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}.{new string('A', 86)}", $"Bearer {active.AccessToken}",
        })
        {
            await host.TryExtendAsync(caller, text, ["files:read"]).RefusalAsync(HttpStatusCode.Unauthorized);
            await host.TryExtendAsync(caller, text, ["files:read"], allowRefreshes: true).RefusalAsync(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task An_expired_token_cannot_be_extended()
    {
        var session = await host.SignedInPersonAsync();
        using var frozen = host.Clock.Freeze();
        host.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(31));

        await host.TryExtendAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, ["files:read"]).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Only_a_service_with_a_policy_may_extend()
    {
        var session = await host.SignedInPersonAsync();
        var narrowed = await host.ExtendAsync(await host.NewServiceTokenAsync("_svc"), await host.NewServiceTokenAsync("_svc2"), "files:read");

        foreach (var caller in new[] { session.AccessToken, narrowed, await host.NewServiceTokenAsync(), await host.AdminTokenAsync() })
            await host.TryExtendAsync(caller, session.AccessToken, ["files:read"]).RefusalAsync(HttpStatusCode.Forbidden);
        await host.PostAsync("/auth/extend", json: new { }).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_extended_token_has_no_role()
    {
        var person = await host.SignedInPersonAsync();
        var extended = await host.ExtendAsync(await host.NewServiceTokenAsync("_svc"), person.AccessToken, "files:write");

        await host.GetAsync("/auth/sessions", extended).RefusalAsync(HttpStatusCode.Forbidden);
        await host.DeleteAsync("/auth/sessions", extended).RefusalAsync(HttpStatusCode.Forbidden);
        Assert.True(await host.HoldsAsync(person.AccessToken));
    }

    [Fact]
    public async Task An_extended_token_without_refreshes_ends_with_its_session()
    {
        var session = await host.SignedInPersonAsync();
        var extended = await host.ExtendAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, "files:write");
        Assert.True(await host.HoldsAsync(extended));

        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        Assert.False(await host.HoldsAsync(extended));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ExtensionTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ExtensionTests(store.Host);
}
