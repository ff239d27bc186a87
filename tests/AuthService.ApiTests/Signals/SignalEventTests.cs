using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using AuthService.Audit;
using Xunit;
using static AuthService.ApiTests.Signals.SignalCalls;

namespace AuthService.ApiTests.Signals;

/// <summary>Each event in the table of src/AuthService/README.md#shared-signals is caused for real and reported.</summary>
public abstract class SignalEventTests(AuthHost host)
{
    [Fact]
    public async Task A_sign_out_is_told_with_its_session_and_no_token_of_ours_is_like_it()
    {
        var subscriber = await host.SubscribeAsync();
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);

        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        var claims = await subscriber.ExpectAsync(SessionRevoked, person.Id);
        var user = $$"""{"format":"iss_sub","iss":"http://localhost","sub":"{{person.Id}}"}""";
        Assert.Equal(
            $$$"""{"format":"complex","user":{{{user}}},"session":{"format":"opaque","id":"{{{session.SessionId}}}"}}""",
            claims.GetProperty("sub_id").GetRawText());
        Assert.Equal(("http://localhost", subscriber.ServiceId), (claims.Text("iss"), claims.Text("aud")));
        Assert.Equal("user", ContentOf(claims).Text("initiating_entity"));
        Assert.Equal("sign_out", ContentOf(claims).GetProperty("reason_admin").Text("en"));
        Assert.Equal(claims.GetProperty("toe").GetInt64(), ContentOf(claims).GetProperty("event_timestamp").GetInt64());
        Assert.Equal(
            "aud events iat iss jti sub_id toe txn", string.Join(' ', claims.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)));
        var token = (await host.PollAsync(subscriber, new { returnImmediately = true })).GetProperty("sets").EnumerateObject().First().Value.GetString()!;
        Assert.Equal("secevent+jwt", Header(token).Text("typ"));
        await host.GetAsync("/auth/sessions", token).ExpectAsync(HttpStatusCode.Unauthorized);
        Assert.False((await host.PostAsync("/oauth/introspect", subscriber.Token, new FormUrlEncodedContent([new("token", token)]))
            .ExpectAsync(HttpStatusCode.OK)).GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task Who_ends_a_session_is_told()
    {
        var subscriber = await host.SubscribeAsync();
        var (byAdministrator, byService, byThemselves) = (await host.CreatePersonAsync(), await host.CreatePersonAsync(), await host.CreatePersonAsync());
        var session = await host.LoginAsync(byAdministrator);
        var opened = await host.OpenAsync(subscriber.Token, byService);
        var (own, other) = (await host.LoginAsync(byThemselves), await host.LoginAsync(byThemselves));

        await host.DeleteAsync($"/admin/sessions/{session.SessionId}", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        await host.EndAsync(subscriber.Token, opened);
        await host.DeleteAsync($"/account/auth/sessions/{other.SessionId}", own.AccessToken).ExpectAsync(HttpStatusCode.OK);

        foreach (var (person, id, initiator) in new[]
            { (byAdministrator, session.SessionId, "admin"), (byService, opened, "system"), (byThemselves, other.SessionId, "user") })
        {
            var claims = await subscriber.ExpectAsync(SessionRevoked, person.Id);
            Assert.Equal(id, claims.GetProperty("sub_id").GetProperty("session").Text("id"));
            Assert.Equal(initiator, ContentOf(claims).Text("initiating_entity"));
        }
    }

    [Fact]
    public async Task All_sessions_of_a_person_are_one_event_and_some_of_them_one_each()
    {
        var subscriber = await host.SubscribeAsync();
        var (all, others) = (await host.CreatePersonAsync(), await host.CreatePersonAsync());
        await host.LoginAsync(all);
        await host.LoginAsync(all);
        var current = await host.LoginAsync(others);
        string[] ended = [(await host.LoginAsync(others)).SessionId, (await host.LoginAsync(others)).SessionId];

        Assert.Equal(2, await host.RevokeAllAsync(all.Id));
        await host.DeleteAsync("/account/auth/sessions", current.AccessToken).ExpectAsync(HttpStatusCode.OK);

        var whole = await subscriber.ExpectAsync(SessionRevoked, all.Id);
        Assert.Equal("iss_sub", whole.GetProperty("sub_id").Text("format"));
        await subscriber.ExpectAsync(SessionRevoked, others.Id);
        var told = (await subscriber.PeekAsync()).Where(claims => UserOf(claims) == others.Id).ToList();
        var sessions = told.Select(claims => claims.GetProperty("sub_id").GetProperty("session").Text("id"));
        Assert.Equal(ended.Order(StringComparer.Ordinal), sessions.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Single(told.Select(claims => claims.Text("txn")).Distinct(StringComparer.Ordinal));
        Assert.Single(await subscriber.PeekAsync(), claims => UserOf(claims) == all.Id);
    }

    [Fact]
    public async Task A_new_password_is_a_credential_change_and_the_end_of_all_sessions()
    {
        var subscriber = await host.SubscribeAsync();
        var person = await host.CreatePersonAsync();
        await host.LoginAsync(person);

        await host.SetPasswordAsync(person);

        var change = await subscriber.ExpectAsync(CredentialChange, person.Id);
        Assert.Equal(("password", "update", "admin"),
            (ContentOf(change).Text("credential_type"), ContentOf(change).Text("change_type"), ContentOf(change).Text("initiating_entity")));
        var end = await subscriber.ExpectAsync(SessionRevoked, person.Id);
        Assert.Equal("iss_sub", end.GetProperty("sub_id").Text("format"));
        Assert.Equal(change.Text("txn"), end.Text("txn"));
        Assert.NotEqual(change.Text("jti"), end.Text("jti"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_no_session_loses_none()
    {
        var subscriber = await host.SubscribeAsync();
        var person = await host.CreatePersonAsync();

        await host.SetPasswordAsync(person);

        await subscriber.ExpectAsync(CredentialChange, person.Id);
        Assert.DoesNotContain(await subscriber.PeekAsync(), claims => UserOf(claims) == person.Id && EventOf(claims) == SessionRevoked);
    }

    [Fact]
    public async Task Disabling_enabling_and_deleting_are_told()
    {
        var subscriber = await host.SubscribeAsync();
        var person = await host.CreatePersonAsync();
        await host.LoginAsync(person);

        await host.ChangeAsync(person.Id, new { state = "DISABLED" });
        await host.ChangeAsync(person.Id, new { state = "ENABLED" });
        await host.DeletePersonAsync(person);

        await subscriber.ExpectAsync(Purged, person.Id);
        var told = (await subscriber.PeekAsync()).Where(claims => UserOf(claims) == person.Id).Select(EventOf);
        Assert.Equal([Disabled, SessionRevoked, Enabled, Purged], told, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_changed_role_and_profile_are_told_with_their_claims()
    {
        var subscriber = await host.SubscribeAsync();
        var person = await host.CreatePersonAsync();
        await host.LoginAsync(person);

        await host.ChangeAsync(person.Id, new { role = "ADMIN", firstNames = "Ada", orgId = (string?)null, locale = "de" });

        var change = await subscriber.ExpectAsync(ClaimsChange, person.Id);
        Assert.Equal("""{"role":"ADMIN","firstNames":"Ada","orgId":null}""", ContentOf(change).GetProperty("claims").GetRawText());
        await subscriber.ExpectAsync(SessionRevoked, person.Id);
        await host.ChangeAsync(person.Id, new { lastName = "Lovelace" });
        await host.ChangeAsync(person.Id, new { locale = "en" });
        await host.ChangeAsync(person.Id, new { state = "DISABLED" });
        await subscriber.ExpectAsync(Disabled, person.Id);
        var told = (await subscriber.PeekAsync()).Where(claims => UserOf(claims) == person.Id).ToList();
        Assert.Equal([ClaimsChange, SessionRevoked, ClaimsChange, Disabled], told.Select(EventOf), StringComparer.Ordinal);
        Assert.Equal("""{"lastName":"Lovelace"}""", ContentOf(told[2]).GetProperty("claims").GetRawText());
    }

    [Fact]
    public async Task The_end_of_an_impersonation_ends_the_session_for_the_one_it_acted_as()
    {
        var subscriber = await host.SubscribeAsync();
        var person = await host.CreatePersonAsync();
        var (_, session) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(session.AccessToken, session.SessionId, person);

        using var reverted = await host.TryRevertAsync(await host.RefreshAsync(session.RefreshToken), session.SessionId);
        if (!reverted.IsSuccessStatusCode)
            await host.EndAsync(subscriber.Token, session.SessionId);

        var claims = await subscriber.ExpectAsync(SessionRevoked, person.Id);
        Assert.Equal(session.SessionId, claims.GetProperty("sub_id").GetProperty("session").Text("id"));
    }

    [Fact]
    public async Task All_factors_that_administrators_remove_are_told_also_of_themselves()
    {
        var (subscriber, person) = (await host.SubscribeAsync(), await host.CreatePersonAsync(new() { ["role"] = "ADMIN" }));
        var session = await host.LoginAsync(person);
        using var authenticator = new SoftwareAuthenticator();
        await host.AddPasskeyAsync(session.AccessToken, authenticator);

        await host.DeleteAsync($"/admin/principals/{person.Id}/second-factors", await host.RefreshAsync(session.RefreshToken))
            .ExpectAsync(HttpStatusCode.NoContent);

        await subscriber.ExpectAsync(SessionRevoked, person.Id);
        var changes = (await subscriber.PeekAsync()).Where(claims => UserOf(claims) == person.Id && EventOf(claims) == CredentialChange).Select(ContentOf);
        Assert.Equal(
            ["passkey create user", "app delete user", "passkey delete user"],
            changes.Select(content => $"{content.Text("credential_type")} {content.Text("change_type")} {content.Text("initiating_entity")}"),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Keys_of_services_are_credentials()
    {
        var subscriber = await host.SubscribeAsync();
        var key = await AppTokens.ApiKeyCalls.NewApiKeyAsync(host);
        await AppTokens.ApiKeyCalls.RevokeAsync(host, key);

        await Mail.Eventually.TrueAsync(async () => (await ChangesAsync()).Count == 2);

        Assert.Equal(["api-key create", "api-key revoke"], await ChangesAsync(), StringComparer.Ordinal);

        async Task<List<string>> ChangesAsync() => [.. (await subscriber.PeekAsync())
            .Where(claims => EventOf(claims) == CredentialChange && ContentOf(claims).Text("credential_type") == "api-key")
            .Select(ContentOf).Select(content => $"{content.Text("credential_type")} {content.Text("change_type")}")];
    }

    [Fact]
    public async Task A_stream_is_told_of_nothing_that_it_did_not_ask_for()
    {
        var subscriber = await host.SubscribeAsync(new { events_requested = new[] { Disabled } });
        var person = await host.CreatePersonAsync();
        await host.LoginAsync(person);

        await host.SetPasswordAsync(person);
        await host.ChangeAsync(person.Id, new { state = "DISABLED" });

        await subscriber.ExpectAsync(Disabled, person.Id);
        Assert.All(await subscriber.PeekAsync(), claims => Assert.Equal(Disabled, EventOf(claims)));
    }

    [Fact]
    public async Task What_was_taken_back_or_refused_is_never_told()
    {
        var subscriber = await host.SubscribeAsync();
        var (ghost, person) = (Hosting.Principals.NewName("ghost"), await host.CreatePersonAsync());

        await host.CallAsync<AuthService.Storage.Store, bool>(store => store.InTransactionAsync(
            async () =>
            {
                var now = host.Clock.GetUtcNow();
                await store.InsertAsync(AuditActor.Service.CreateEntry(AuditEvents.PasswordSet, now, ghost));
                return true;
            },
            isKept: _ => false));
        var session = await host.LoginAsync(person);
        var wrong = new { currentPassword = "wrong-One-4471", newPassword = Hosting.Principals.NewPassword() };
        await host.PutAsync("/account/password", session.AccessToken, wrong)
            .ExpectAsync(HttpStatusCode.Forbidden);
        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await subscriber.ExpectAsync(SessionRevoked, person.Id);
        Assert.DoesNotContain(await subscriber.PeekAsync(), claims => UserOf(claims) == ghost || EventOf(claims) == CredentialChange);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SignalEventTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SignalEventTests(store.Host);
}
