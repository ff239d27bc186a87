using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>A service creates delegated sessions by extending a token with <c>allowRefreshes</c>.</summary>
public abstract class DelegatedSessionTests(AuthHost host)
{
    [Fact]
    public async Task A_delegated_session_has_an_id_of_its_own_and_keeps_scopes_and_chain()
    {
        var session = await host.SignedInPersonAsync();
        var delegated = await host.DelegateAsync(
            await host.NewServiceTokenAsync("_svc"), session.AccessToken, "files:read:path!L2hvbWU=", "files.upload:write");

        var (first, later) = (Requests.ClaimsOf(delegated.AccessToken), Requests.ClaimsOf(await host.RefreshAsync(delegated.RefreshToken)));

        Assert.NotEqual(session.SessionId, first.Text("sid"), StringComparer.Ordinal);
        Assert.Equal(first.Text("sid"), later.Text("sid"));
        foreach (var claims in new[] { first, later })
        {
            Assert.Equal(["files:read:path!L2hvbWU=", "files.upload:write"], claims.Texts("aud"));
            Assert.Equal(["_svc"], claims.Texts("extendedByChain"));
            Assert.Equal(("_svc", 60), (claims.Text("extendedBy"), claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()));
        }
    }

    [Fact]
    public async Task Its_refresh_token_works_as_a_bearer_and_not_as_a_cookie()
    {
        var session = await host.SignedInPersonAsync();
        var delegated = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, "files:read");
        var asBrowser = new SignedIn(delegated.AccessToken, delegated.CsrfToken, delegated.RefreshToken, "refreshToken");

        await host.TryWebRefreshAsync(asBrowser).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.RefreshAsync(delegated.RefreshToken);
        await host.PostAsync("/auth/logout", delegated.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await host.TryRefreshAsync(delegated.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        Assert.True(await host.HoldsAsync(session.AccessToken));
    }

    [Fact]
    public async Task A_chain_grows_with_every_service_and_narrows_at_every_step()
    {
        var session = await host.SignedInPersonAsync();
        var one = await host.ExtendAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, "files:write");
        var two = await host.ExtendAsync(await host.NewServiceTokenAsync("_svc2"), one, "files:read");
        var three = Requests.ClaimsOf(await host.ExtendAsync(await host.NewServiceTokenAsync("_svc3"), two, "files.upload:read"));

        Assert.Equal(["_svc", "_svc2", "_svc3"], three.Texts("extendedByChain"));
        Assert.Equal(("_svc3", session.SessionId), (three.Text("extendedBy"), three.Text("sid")));
        Assert.Equal(["files.upload:read"], three.Texts("aud"));
        await host.TryExtendAsync(await host.NewServiceTokenAsync("_svc3"), two, ["files.upload:write"]).RefusalAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_chain_of_sessions_is_refreshed_at_every_depth_and_no_link_needs_the_one_before()
    {
        var session = await host.SignedInPersonAsync();
        var one = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, "files:write");
        var two = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc2"), await host.RefreshAsync(one.RefreshToken), "files:read");
        var three = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc3"), await host.RefreshAsync(two.RefreshToken), "files.upload:read");

        foreach (var earlier in new[] { session.RefreshToken, one.RefreshToken, two.RefreshToken })
            await host.PostAsync("/auth/logout", earlier).ExpectAsync(HttpStatusCode.NoContent);

        var claims = Requests.ClaimsOf(await host.RefreshAsync(three.RefreshToken));
        Assert.Equal(["_svc", "_svc2", "_svc3"], claims.Texts("extendedByChain"));
        Assert.Equal(["files.upload:read"], claims.Texts("aud"));
        await host.TryRefreshAsync(two.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    /// <summary>Verifiers, this service included, refuse longer tokens.</summary>
    [Fact]
    public async Task Its_token_has_at_most_8192_characters_or_it_is_not_made()
    {
        var (caller, session) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync());
        var (accepted, refused, token) = (0, 8_192, "");
        while (refused - accepted > 1)
        {
            var length = (accepted + refused) / 2;
            string[] scopes = [$"files.{new string('a', length)}:read"];
            using var answer = await host.TryExtendAsync(caller, session.AccessToken, scopes, allowRefreshes: true);
            if (answer.StatusCode is HttpStatusCode.OK)
                (accepted, token) = (length, (await answer.ExpectAsync(HttpStatusCode.OK)).Text("accessToken"));
            else
                refused = length;
            Assert.True(accepted == length || (await answer.ExpectAsync(HttpStatusCode.BadRequest)).Text("errorCode") is "TOO_MANY_SCOPES");
        }

        Assert.InRange(token.Length, 8_190, 8_192);
        Assert.True(await host.IsActiveAsync(caller, token));
    }

    [Fact]
    public async Task It_outlives_the_sign_out_and_the_end_of_all_own_sessions()
    {
        var person = await host.CreatePersonAsync();
        var (session, other) = (await host.LoginAsync(person), await host.LoginAsync(person));
        var caller = await host.NewServiceTokenAsync("_svc");
        var (fromOne, fromOther) = (
            await host.DelegateAsync(caller, session.AccessToken, "files:read"), await host.DelegateAsync(caller, other.AccessToken, "files:read"));

        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await host.DeleteAsync("/auth/sessions", other.AccessToken).ExpectAsync(HttpStatusCode.NoContent);

        await host.TryRefreshAsync(other.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        foreach (var delegated in new[] { fromOne, fromOther })
        {
            Assert.True(await host.HoldsAsync(delegated.AccessToken));
            Assert.True(await host.HoldsAsync(await host.RefreshAsync(delegated.RefreshToken)));
        }
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("disable")]
    [InlineData("password")]
    [InlineData("role")]
    public async Task It_does_not_outlive_its_principal_nor_a_change_of_password_or_role(string action)
    {
        var person = await host.CreatePersonAsync();
        var delegated = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), (await host.LoginAsync(person)).AccessToken, "files:read");
        Assert.True(await host.HoldsAsync(delegated.AccessToken));
        var (admin, path) = (await host.AdminTokenAsync(), $"/admin/principals/{person.Id}");

        await (action switch
        {
            "delete" => host.DeleteAsync(path, admin).ExpectAsync(HttpStatusCode.NoContent),
            "disable" => host.PatchAsync(path, admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK),
            "password" => host.PutAsync($"{path}/password", admin, new { password = NewPassword() }).ExpectAsync(HttpStatusCode.NoContent),
            _ => host.PatchAsync(path, admin, new { role = "ADMIN" }).ExpectAsync(HttpStatusCode.OK),
        });

        await host.TryRefreshAsync(delegated.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        Assert.False(await host.HoldsAsync(delegated.AccessToken));
    }

    [Fact]
    public async Task A_token_of_a_service_is_extended_without_a_session_until_its_credential_is_renewed()
    {
        var source = await host.CreateServiceAsync();
        var caller = await host.NewServiceTokenAsync("_svc");
        var token = await host.RefreshAsync(source.RefreshToken);
        var extended = await host.ExtendAsync(caller, token, "files:read");
        Assert.False(HasSession(extended));
        Assert.True(await host.HoldsAsync(extended));
        await host.TryExtendAsync(caller, token, ["files:read"], allowRefreshes: true).RefusalAsync(HttpStatusCode.Forbidden);

        await host.PostAsync($"/admin/principals/{source.Id}/refresh-token", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);

        Assert.False(await host.HoldsAsync(extended));
    }

    /// <summary>The chain of names is part of an index with a limited size, and the token contains the names twice.</summary>
    [Fact]
    public async Task A_chain_of_names_that_are_too_long_to_keep_is_refused()
    {
        var (one, two) = ($"_1{new string('ø', 200)}", $"_2{new string('ø', 200)}");
        await using var own = await host.StartAnotherAsync(new()
        {
            [$"Extension:Policies:{one}:0"] = "files:write",
            [$"Extension:Policies:{two}:0"] = "files:write",
        });
        var session = await own.SignedInPersonAsync();
        var first = await own.DelegateAsync(await own.NewServiceTokenAsync(one), session.AccessToken, "files:read");

        await own.TryExtendAsync(await own.NewServiceTokenAsync(two), first.AccessToken, ["files:read"], allowRefreshes: true)
            .RefusalAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task It_has_the_default_lifetimes_of_a_session()
    {
        var session = await host.SignedInPersonAsync();
        var delegated = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, "files:read");
        for (var days = 13; days <= 26; days += 13)
        {
            host.Clock.Advance(TimeSpan.FromDays(13));
            await host.RefreshAsync(delegated.RefreshToken);
        }

        host.Clock.Advance(TimeSpan.FromDays(4) + TimeSpan.FromMinutes(1));

        await host.TryRefreshAsync(delegated.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Unused_for_two_weeks_it_is_over()
    {
        var session = await host.SignedInPersonAsync();
        var delegated = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, "files:read");

        host.Clock.Advance(TimeSpan.FromDays(14));

        await host.TryRefreshAsync(delegated.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    /// <summary>No route shows these facts, so the test reads the database.</summary>
    [Fact]
    public async Task Neither_address_nor_user_agent_is_kept_for_it()
    {
        var session = await host.SignedInPersonAsync();
        var body = new { validJWT = session.AccessToken, requestedScopes = new[] { "files:read" }, expiresIn = Delegations.Minute, allowRefreshes = true };
        await host.SendAsync(HttpMethod.Post, "/auth/extend", await host.NewServiceTokenAsync("_svc"), body, ("User-Agent", "Worker/1.0"))
            .ExpectAsync(HttpStatusCode.OK);

        Assert.True(await CountAsync("extended_by_chain IS NOT NULL") > 0);
        Assert.Equal(0, await CountAsync("extended_by_chain IS NOT NULL AND (ip_address IS NOT NULL OR user_agent IS NOT NULL)"));
        Assert.True(await CountAsync("extended_by_chain IS NULL AND ip_address IS NOT NULL") > 0);
    }

    private static bool HasSession(string accessToken) => Requests.ClaimsOf(accessToken).TryGetProperty("sid", out _);

    private async Task<long> CountAsync(string which)
    {
        await using System.Data.Common.DbConnection connection = host.Database.IsPostgres
            ? new NpgsqlConnection(host.Database.ConnectionString)
            : new SqliteConnection(host.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM sessions WHERE {which}";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : DelegatedSessionTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : DelegatedSessionTests(store.Host);
}
