using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Upgrades;
using Xunit;

namespace AuthService.ApiTests.Account;

/// <summary>Revoking many sessions takes as many SQL statements as revoking a few.</summary>
public abstract class RevokeManyTests(AuthHost host)
{
    private const int Few = 3;
    private const int Many = 300;

    [Fact]
    public Task By_their_owner() => ExpectEquallyManyAsync((counted, sessions) =>
        counted.DeleteAsync($"{AccountCalls.Sessions}/all", sessions[0].AccessToken).ExpectAsync(HttpStatusCode.OK));

    [Fact]
    public Task By_their_owner_but_for_the_current_one() => ExpectEquallyManyAsync((counted, sessions) =>
        counted.DeleteAsync(AccountCalls.Sessions, sessions[0].AccessToken).ExpectAsync(HttpStatusCode.OK));

    [Fact]
    public async Task By_an_administrator()
    {
        var admin = await host.AdminTokenAsync();
        await ExpectEquallyManyAsync((counted, sessions) =>
        {
            var person = Requests.ClaimsOf(sessions[0].AccessToken).Text("sub");
            return counted.DeleteAsync($"{Administration.PathOf(person)}/sessions", admin).ExpectAsync(HttpStatusCode.OK);
        });
    }

    [Fact]
    public async Task By_a_service_that_has_their_refresh_tokens()
    {
        var service = await host.NewServiceTokenAsync();
        await ExpectEquallyManyAsync((counted, sessions) =>
        {
            var tokens = sessions.Select(session => session.RefreshToken).ToArray();
            return counted.PostAsync("/auth/logout/bulk", service, new { tokens }).ExpectAsync(HttpStatusCode.NoContent);
        });
    }

    private async Task ExpectEquallyManyAsync(Func<AuthHost, SignedIn[], Task> call)
    {
        await using var counted = await host.StartTwinAsync(new()
        {
            ["Metrics:SessionCountInterval"] = "1.00:00:00",
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command"] = "Information",
        });
        await CountAsync(counted, Few, call); // the first call fills the caches
        var few = await CountAsync(counted, Few, call);
        var many = await CountAsync(counted, Many, call);

        Assert.InRange(few, 1, 20);
        Assert.Equal(few, many);
    }

    /// <returns>The number of statements about sessions, plus the number of audit entries written.</returns>
    private async Task<int> CountAsync(AuthHost counted, int sessions, Func<AuthHost, SignedIn[], Task> call)
    {
        var person = await host.CreatePersonAsync();
        var signedIn = await host.LoginAsync(person);
        var others = await new ManySessions(host.Database, sessions - 1).AddToAsync(person.Id, host.Clock.GetUtcNow());
        var before = counted.Log.Lines.Count;

        await call(counted, [signedIn, .. others.Select(token => new SignedIn(AccessToken: "", CsrfToken: "", token, CookieName: null))]);

        var ended = await host.Database.CountAsync($"ended_sessions WHERE principal_number = (SELECT number FROM principals WHERE id = '{person.Id}')");
        Assert.InRange(ended, sessions - 1, sessions);
        return counted.Log.Lines.Skip(before).Count(line => line.Contains("Executed DbCommand", StringComparison.Ordinal)
            && (line.Contains("sessions", StringComparison.Ordinal) || line.Contains("INSERT INTO audit_events", StringComparison.Ordinal)));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RevokeManyTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RevokeManyTests(store.Host);
}
