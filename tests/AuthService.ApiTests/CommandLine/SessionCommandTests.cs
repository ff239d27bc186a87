using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using AuthService.ApiTests.Revocations;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.CommandLine;

/// <summary>Sessions that a command revokes are refused at once by the running instance.</summary>
public abstract class SessionCommandTests(AuthHost host)
{
    [Fact]
    public async Task Every_session_of_one_person_ends_the_delegated_ones_included()
    {
        var (person, other) = (await host.CreatePersonAsync(), await host.SignedInPersonAsync());
        var (app, web) = (await host.LoginAsync(person), await host.LoginAsync(person, "web"));
        var delegated = await host.DelegateAsync(app.AccessToken);

        var revoked = await host.RunProcessAsync(["session", "revoke", "--user", person.Id.ToUpperInvariant()]);

        Assert.StartsWith("3 ", revoked.Line, StringComparison.Ordinal);
        await host.ExpectEndedAsync(app);
        await host.ExpectEndedAsync(web);
        await host.TryRefreshAsync(delegated.RefreshToken).ExpectAsync(System.Net.HttpStatusCode.Unauthorized);
        await host.UseAsync(other);
        var row = (await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={person.Id}&event=session_revoked"))[0];
        Assert.Equal("(command line)", row.Text("actor"));
    }

    [Fact]
    public async Task One_session_ends_and_the_next_one_stays()
    {
        var person = await host.CreatePersonAsync();
        var (one, other) = (await host.LoginAsync(person), await host.LoginAsync(person));

        (await host.RunAsync(["session", "revoke", "--session", one.SessionId])).Expect(0);

        await host.ExpectEndedAsync(one);
        await host.UseAsync(other);
        (await host.RunAsync(["session", "revoke", "--session", one.SessionId])).Refused(1, "no such session");
        (await host.RunAsync(["session", "revoke", "--user", "nobody-of-this-name"])).Refused(1, "nobody-of-this-name");
    }

    [Fact]
    public async Task Every_session_of_everybody_ends_and_services_keep_their_credential()
    {
        await using var own = await host.StartAnotherAsync();
        var (person, service) = (await own.SignedInPersonAsync(), await own.CreateServiceAsync());

        (await own.RunAsync(["session", "revoke", "--all"])).Expect(0);

        await own.ExpectEndedAsync(person);
        Assert.Equal(0, await own.Database.CountAsync("sessions"));
        await own.RefreshAsync(service.RefreshToken);
    }

    /// <summary>A backup does not contain what was revoked, used or sent after it was made.</summary>
    [Fact]
    public async Task What_a_restored_backup_brings_back_ends_and_what_came_later_stays()
    {
        await using var own = await host.StartAnotherAsync();
        var person = await own.CreatePersonAsync();
        var before = await own.LoginAsync(person);
        var delegated = await own.DelegateAsync(before.AccessToken);
        var resetter = await own.CreatePersonAsync(new() { ["passwordResetRequested"] = true });
        var reset = await own.Http.ResetTokenAsync(resetter.Id, resetter.Password);
        var (reachable, _) = await own.ReachablePersonAsync();
        var change = own.TryChangePasswordAsync((await own.LoginAsync(reachable)).AccessToken, reachable.Password, NewPassword());
        await change.ExpectAsync(System.Net.HttpStatusCode.NoContent);
        Assert.Equal(1, await own.Database.CountAsync("notice_links"));
        await own.LoginAsync(person, "web");
        await own.Database.ExecuteAsync("UPDATE known_devices SET trusted_at = first_seen_at");
        var browsers = await own.Database.CountAsync("known_devices WHERE security_stamp IS NOT NULL");
        Assert.NotEqual(0, browsers);
        var restoredAt = DateTimeOffset.UtcNow;
        var (after, late) = (await own.LoginAsync(person), await own.DelegateAsync(before.AccessToken));
        await own.LoginAsync(await own.CreatePersonAsync(), "web");
        var feed = await own.ReadFeedAsync(await own.AdminTokenAsync(), cursor: null, wait: 0);

        var result = await own.RunAsync(["session", "revoke", "--restored-at", $"{restoredAt:O}"]);

        Assert.StartsWith($"The state of {restoredAt:yyyy-MM-ddTHH:mm:ss}", result.Output, StringComparison.Ordinal);
        Assert.Contains("2 links and sign-in steps are void", result.Expect(0).Output, StringComparison.Ordinal);
        await own.ExpectEndedAsync(before);
        foreach (var derived in new[] { delegated, late })
            await own.TryRefreshAsync(derived.RefreshToken).ExpectAsync(System.Net.HttpStatusCode.Unauthorized);
        await own.UseAsync(after);
        await own.Http.TryResetAsync(reset, NewPassword()).ExpectAsync(System.Net.HttpStatusCode.BadRequest);
        Assert.Equal(0, await own.Database.CountAsync("notice_links"));
        Assert.Equal(0, await own.Database.CountAsync("known_devices WHERE trusted_at IS NOT NULL"));
        Assert.Equal(1, await own.Database.CountAsync("known_devices WHERE security_stamp IS NOT NULL"));
        Assert.Contains($"; {browsers} browsers are forgotten, and trusted no more.", result.Output, StringComparison.Ordinal);
        Assert.Contains("Access tokens without a session that were revoked one by one are good again", result.Output, StringComparison.Ordinal);
        var restarted = await own.ReadFeedAsync(await own.AdminTokenAsync(), feed.Text("cursor"), wait: 30);
        Assert.True(restarted.GetProperty("restarted").GetBoolean());
    }

    [Fact]
    public async Task Expired_sessions_are_deleted_and_active_ones_are_not()
    {
        await using var own = await host.StartAnotherAsync(new() { ["CleanUp:Interval"] = "1.00:00:00" });
        own.Clock.Advance(TimeSpan.FromDays(-60));
        for (var session = 0; session < 3; session++)
            await own.NewAdminTokenAsync();
        own.Clock.Advance(TimeSpan.FromDays(60));
        var active = await own.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);

        var purged = await own.RunProcessAsync(["session", "purge"]);

        Assert.StartsWith("3 ", purged.Line, StringComparison.Ordinal);
        Assert.Equal(1, await own.Database.CountAsync("sessions"));
        await own.UseAsync(active);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : SessionCommandTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : SessionCommandTests(store.Host);
}
