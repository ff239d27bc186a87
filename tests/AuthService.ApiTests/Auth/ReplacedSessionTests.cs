using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>A sign-in with a refresh cookie revokes the session of that cookie.</summary>
public abstract class ReplacedSessionTests(AuthHost host)
{
    [Fact]
    public async Task The_session_of_the_cookie_ends_with_the_sign_in()
    {
        var person = await host.CreatePersonAsync();
        var (first, other) = (await host.LoginAsync(person, "web"), await host.LoginAsync(person, "web"));

        var second = await host.LoginAsync(person.Id, person.Password, "web", ("Cookie", first.Cookie));

        await host.ExpectEndedAsync(first);
        await host.TryWebRefreshAsync(second).ExpectAsync(HttpStatusCode.OK);
        await host.TryWebRefreshAsync(other).ExpectAsync(HttpStatusCode.OK);
        var entries = await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={person.Id}&event=sign_out");
        Assert.Equal(first.SessionId, Assert.Single(entries).Text("sessionId"));
    }

    [Fact]
    public async Task Also_somebody_elses_and_at_the_second_step()
    {
        using var frozen = host.Clock.Freeze();
        var (guarded, stranger) = (await host.GuardedAsync(), await host.SignedInPersonAsync("web"));
        var challenge = await host.ChallengeAsync(guarded.Person, "web");
        await host.TryWebRefreshAsync(stranger).ExpectAsync(HttpStatusCode.OK);

        await host.TryAnswerAsync(challenge, host.NextCode(guarded), ("Cookie", stranger.Cookie)).ExpectAsync(HttpStatusCode.OK);

        await host.ExpectEndedAsync(stranger);
    }

    [Fact]
    public async Task A_sign_in_that_is_refused_ends_nothing()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person, "web");

        await host.TryLoginAsync(person.Id, "wrong", "web", ("Cookie", session.Cookie)).ExpectAsync(HttpStatusCode.Unauthorized);

        await host.TryWebRefreshAsync(session).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_application_keeps_no_cookie_and_replaces_none()
    {
        var person = await host.CreatePersonAsync();
        var (web, app) = (await host.LoginAsync(person, "web"), await host.LoginAsync(person));

        await host.LoginAsync(person.Id, person.Password, "app", ("Cookie", web.Cookie));
        await host.LoginAsync(person.Id, person.Password, "web", ("Cookie", $"{web.CookieName}={app.RefreshToken}"));

        await host.TryWebRefreshAsync(web).ExpectAsync(HttpStatusCode.OK);
        await host.TryRefreshAsync(app.RefreshToken).ExpectAsync(HttpStatusCode.OK);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ReplacedSessionTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ReplacedSessionTests(store.Host);
}
