using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Admin;

/// <summary>Administrators see every session that was made from a session, and can revoke it together with them.</summary>
public abstract class LineageTests(AuthHost host)
{
    [Fact]
    public async Task Whichever_session_is_asked_about_the_whole_tree_is_shown()
    {
        var family = await NewFamilyAsync();
        await host.PostAsync("/auth/logout", family.Child.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        foreach (var session in new[] { family.SignIn, family.Child, family.Grandchild, family.Sibling })
        {
            var items = await ListAsync(session);

            Assert.Equal(4, items.Length);
            Assert.Equal((null, "ENABLED", null, null), FactsOf(items, family.SignIn));
            Assert.Equal((family.SignIn.SessionId, "DELETED", null, "SIGNED_OUT"), FactsOf(items, family.Child));
            Assert.Equal((family.Child.SessionId, "ENABLED", "_svc2", null), FactsOf(items, family.Grandchild));
            Assert.Equal((family.SignIn.SessionId, "ENABLED", "_svc", null), FactsOf(items, family.Sibling));
            Assert.All(items, item => Assert.Equal(family.Person.Id, item.Text("principal")));
        }
    }

    [Fact]
    public async Task A_session_is_revoked_with_all_that_was_made_from_it_and_nothing_else()
    {
        var family = await NewFamilyAsync();

        Assert.Equal(2, await RevokeAsync(family.Child, "?descendants=true"));

        await ExpectActiveAsync(family.SignIn, family.Sibling);
        await ExpectEndedAsync("REVOKED_BY_ADMIN", family.Child, family.Grandchild);
        var entries = await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={family.Person.Id}&event=session_revoked");
        Assert.Equal(family.Child.SessionId, Assert.Single(entries).Text("sessionId"));
        Assert.Equal(AuthHost.AdminId, (await ListAsync(family.SignIn)).Single(item => item.Text("id") == family.Child.SessionId).Text("endedBy"));
        Assert.Equal(2, await RevokeAsync(family.SignIn, "?descendants"));
        await ExpectEndedAsync("REVOKED_BY_ADMIN", family.SignIn, family.Sibling);
    }

    [Fact]
    public async Task What_came_of_a_session_that_has_ended_is_still_found_by_it()
    {
        var family = await NewFamilyAsync();
        await host.PostAsync("/auth/logout", family.Child.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await host.PostAsync("/auth/logout", family.SignIn.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal(1, await RevokeAsync(family.Child, "?descendants=true"));
        Assert.Equal(1, await RevokeAsync(family.SignIn, "?descendants=true"));

        await ExpectEndedAsync("REVOKED_BY_ADMIN", family.Grandchild, family.Sibling);
    }

    [Fact]
    public async Task What_came_of_a_sign_in_is_found_when_nothing_is_kept_of_that_any_more()
    {
        await using var own = await host.StartAnotherAsync(new() { ["CleanUp:Interval"] = "1.00:00:00" });
        using var frozen = own.Clock.Freeze();
        var signIn = await own.SignedInPersonAsync();
        var delegated = await own.DelegateAsync(signIn.AccessToken);
        await own.PostAsync("/auth/logout", signIn.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        own.Clock.Advance(TimeSpan.FromDays(8));

        var answer = await own.DeleteAsync($"/admin/sessions/{signIn.SessionId}?descendants=true", await own.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(1, answer.GetProperty("revoked").GetInt32());
        await own.TryRefreshAsync(delegated.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?descendants=false")]
    public async Task Alone_a_session_is_revoked_alone(string query)
    {
        var family = await NewFamilyAsync();

        Assert.Equal(1, await RevokeAsync(family.SignIn, query));

        await ExpectEndedAsync("REVOKED_BY_ADMIN", family.SignIn);
        await ExpectActiveAsync(family.Child, family.Grandchild, family.Sibling);
        var admin = await host.AdminTokenAsync();
        await host.DeleteAsync($"/admin/sessions/{family.SignIn.SessionId}", admin).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_there_is_not_is_refused()
    {
        var admin = await host.AdminTokenAsync();
        foreach (var id in new[] { $"{Guid.NewGuid()}", "none" })
        {
            await host.GetAsync($"/admin/sessions/{id}/lineage", admin).ProblemAsync(HttpStatusCode.NotFound);
            await host.DeleteAsync($"/admin/sessions/{id}?descendants=true", admin).ProblemAsync(HttpStatusCode.NotFound);
        }

        var session = await host.SignedInPersonAsync();
        await host.DeleteAsync($"/admin/sessions/{session.SessionId}?descendants=yes", admin).ProblemAsync(HttpStatusCode.BadRequest);
        await ExpectActiveAsync(session);
    }

    [Fact]
    public async Task A_delegated_token_names_the_sign_in_that_it_came_from()
    {
        var family = await NewFamilyAsync();
        var extended = await host.ExtendAsync(await host.NewServiceTokenAsync("_svc2"), family.Child.AccessToken, "files:read");

        Assert.False(Requests.ClaimsOf(family.SignIn.AccessToken).TryGetProperty("origin_sid", out _));
        foreach (var token in new[] { family.Child.AccessToken, family.Grandchild.AccessToken, extended })
            Assert.Equal(family.SignIn.SessionId, Requests.ClaimsOf(token).Text("origin_sid"));
    }

    [Fact]
    public async Task Tokens_without_a_session_are_shown_with_the_one_that_they_were_made_from()
    {
        var family = await NewFamilyAsync();
        var oneTime = Requests.ClaimsOf(await host.OneTimeTokenAsync(family.Child.AccessToken));
        await host.ExtendAsync(await host.NewServiceTokenAsync("_svc2"), family.SignIn.AccessToken, "files:read");
        await host.TryExtendAsync(await host.NewServiceTokenAsync("_svc2"), family.SignIn.AccessToken, ["secrets:write"]).ExpectAsync(HttpStatusCode.Forbidden);
        await host.PostAsync("/auth/logout", family.Child.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        var items = await ListAsync(family.Grandchild);

        Assert.Equal([$"ONE_TIME {family.Person.Id} {oneTime.Text("jti")} "], TokensOf(items, family.Child));
        Assert.Equal(["EXTENDED _svc2  files:read"], TokensOf(items, family.SignIn));
        Assert.Empty(TokensOf(items, family.Grandchild));
        Assert.Empty(TokensOf(items, family.Sibling));
    }

    private static string[] TokensOf(JsonElement[] items, SignedIn session) =>
    [
        .. items.Single(item => item.Text("id") == session.SessionId).GetProperty("tokens").EnumerateArray().Select(token =>
            $"{token.Text("kind")} {token.Text("actor")} {token.GetProperty("jti")} {string.Join(',', Scopes(token.GetProperty("scopes")))}"),
    ];

    private static IEnumerable<string?> Scopes(JsonElement scopes) =>
        scopes.ValueKind is JsonValueKind.Null ? [] : scopes.EnumerateArray().Select(scope => scope.GetString());

    private async Task<Family> NewFamilyAsync()
    {
        var person = await host.CreatePersonAsync();
        var signIn = await host.LoginAsync(person);
        var child = await host.DelegateAsync(signIn.AccessToken);
        var grandchild = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc2"), child.AccessToken, "files:read");
        return new Family(person, signIn, child, grandchild, Sibling: await host.DelegateAsync(signIn.AccessToken));
    }

    private async Task<JsonElement[]> ListAsync(SignedIn session)
    {
        var items = await host.GetAsync($"/admin/sessions/{session.SessionId}/lineage", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        return [.. items.EnumerateArray()];
    }

    private async Task<int> RevokeAsync(SignedIn session, string query)
    {
        var answer = await host.DeleteAsync($"/admin/sessions/{session.SessionId}{query}", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        return answer.GetProperty("revoked").GetInt32();
    }

    private static (string? From, string State, string? By, string? Reason) FactsOf(JsonElement[] items, SignedIn session)
    {
        var item = Assert.Single(items, item => item.Text("id") == session.SessionId);
        return (item.GetProperty("extendedFrom").GetString(), item.Text("state"), item.GetProperty("extendedBy").GetString(),
            item.GetProperty("endReason").GetString());
    }

    private async Task ExpectActiveAsync(params SignedIn[] sessions)
    {
        foreach (var session in sessions)
            await host.RefreshAsync(session.RefreshToken);
    }

    private async Task ExpectEndedAsync(string reason, params SignedIn[] sessions)
    {
        foreach (var session in sessions)
        {
            var refusal = await host.TryRefreshAsync(session.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
            Assert.Equal(reason, refusal.Text("errorCode"));
        }
    }

    private sealed record Family(Person Person, SignedIn SignIn, SignedIn Child, SignedIn Grandchild, SignedIn Sibling);

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : LineageTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : LineageTests(store.Host);
}
