using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Signals;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>When an impersonating session is signed out, the audit log and the signal name its administrator as the actor.</summary>
public abstract class ImpersonationSignOutTests(AuthHost host)
{
    [Theory]
    [InlineData("app", "by the refresh token")]
    [InlineData("web", "by the cookie")]
    [InlineData("web", "by another sign-in")]
    public async Task The_administrator_is_on_record_and_told(string service, string way)
    {
        var (subscriber, person) = (await host.SubscribeAsync(), await host.CreatePersonAsync());
        var administrator = await host.CreatePersonAsync(new() { ["role"] = "ADMIN", ["canImpersonate"] = true });
        var session = await host.LoginAsync(administrator, service);
        await host.ImpersonateAsync(session.AccessToken, session.SessionId, person);

        await EndAsync(session, administrator, way);

        var entry = Assert.Single(await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={person.Id}&event=sign_out"));
        Assert.Equal($"{administrator.Id} sign_out {person.Id} success", entry.Line());
        Assert.Equal(session.SessionId, entry.Text("sessionId"));
        var told = await subscriber.ExpectAsync(SignalCalls.SessionRevoked, person.Id);
        Assert.Equal("admin", SignalCalls.ContentOf(told).Text("initiating_entity"));
    }

    [Fact]
    public async Task Given_back_it_is_signed_out_as_any_other()
    {
        var person = await host.CreatePersonAsync();
        var (administrator, session) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(session.AccessToken, session.SessionId, person);
        await host.TryRevertAsync(await host.NewServiceTokenAsync(), session.SessionId).ExpectAsync(HttpStatusCode.OK);

        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        var entry = Assert.Single(await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={administrator.Id}&event=sign_out"));
        Assert.Equal($"{administrator.Id} sign_out {administrator.Id} success", entry.Line());
    }

    private Task EndAsync(SignedIn session, Person administrator, string way) => way switch
    {
        "by the refresh token" => host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent),
        "by the cookie" => host.TryWebLogoutAsync(session).ExpectAsync(HttpStatusCode.NoContent),
        _ => host.LoginAsync(administrator.Id, administrator.Password, "web", ("Cookie", session.Cookie)),
    };

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ImpersonationSignOutTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ImpersonationSignOutTests(store.Host);
}
