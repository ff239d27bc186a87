using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>Sessions expire at exactly the configured times. Each limit is tested one second before it and exactly at it, with the clock stopped.</summary>
public abstract class SessionTimeoutTests(AuthHost host, ClassHosts hosts)
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    /// <summary>A login service with an idle timeout of 100 seconds and a session lifetime of 10 minutes.</summary>
    private static readonly Settings Brief = new()
    {
        ["LoginServices:brief:Endpoint"] = $"{AuthHost.Origin}/",
        ["LoginServices:brief:Mode"] = "Application",
        ["LoginServices:brief:IdleTimeout"] = "00:01:40",
        ["LoginServices:brief:Lifetime"] = "00:10:00",
    };

    [Theory]
    [InlineData("app")]
    [InlineData("web")]
    public async Task An_unused_session_stops_after_14_days(string service)
    {
        using var frozen = host.Clock.Freeze();
        var (early, late) = await TwoSessionsAsync(service);

        host.Clock.Advance(TimeSpan.FromDays(14) - OneSecond);
        await host.UseAsync(early);
        host.Clock.Advance(OneSecond);

        await host.TryUseAsync(late).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.UseAsync(early);
    }

    [Theory]
    [InlineData("app")]
    [InlineData("web")]
    public async Task Use_moves_the_idle_time_and_never_the_end_after_30_days(string service)
    {
        using var frozen = host.Clock.Freeze();
        var session = await host.SignedInPersonAsync(service);

        foreach (var days in new[] { 13, 13 })
        {
            host.Clock.Advance(TimeSpan.FromDays(days));
            await host.UseAsync(session);
        }

        host.Clock.Advance(TimeSpan.FromDays(4) - OneSecond);
        await host.UseAsync(session);
        host.Clock.Advance(OneSecond);
        await host.TryUseAsync(session).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Form")]
    [InlineData("Json")]
    public async Task On_a_public_computer_30_minutes_without_use_are_the_most(string writing)
    {
        using var frozen = host.Clock.Freeze();
        var early = await OnPublicComputerAsync("app", Enum.Parse<Writing>(writing));
        var late = await OnPublicComputerAsync("app", Enum.Parse<Writing>(writing));

        host.Clock.Advance(TimeSpan.FromMinutes(30) - OneSecond);
        await host.UseAsync(early);
        host.Clock.Advance(OneSecond);

        await host.TryUseAsync(late).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.UseAsync(early);
    }

    [Fact]
    public async Task On_a_public_computer_8_hours_are_the_most()
    {
        using var frozen = host.Clock.Freeze();
        var session = await OnPublicComputerAsync("app", Writing.Form);

        for (var i = 0; i < 19; i++)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(25));
            await host.UseAsync(session);
        }

        host.Clock.Advance(TimeSpan.FromMinutes(5) - OneSecond);
        await host.UseAsync(session);
        host.Clock.Advance(OneSecond);
        await host.TryUseAsync(session).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_login_service_may_have_lifetimes_of_its_own()
    {
        var twin = await hosts.TwinAsync(Brief);
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var idle = await twin.LoginAsync(person, "brief");
        var busy = await twin.LoginAsync(person, "brief");

        await UseEveryAsync(TimeSpan.FromSeconds(99), 6, busy);
        await twin.TryUseAsync(idle).RefusedAsync(HttpStatusCode.Unauthorized);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await twin.UseAsync(busy);
        host.Clock.Advance(OneSecond);
        await twin.TryUseAsync(busy).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.TryUseAsync(busy).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_access_token_stops_when_its_session_is_idle()
    {
        var twin = await hosts.TwinAsync(Brief);
        using var frozen = host.Clock.Freeze();
        var session = await twin.LoginAsync(await host.CreatePersonAsync(), "brief");

        host.Clock.Advance(TimeSpan.FromSeconds(99));
        await host.SessionsAsync(session.AccessToken);
        host.Clock.Advance(OneSecond);

        await host.GetAsync("/auth/sessions", session.AccessToken).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_access_token_never_outlives_its_session()
    {
        var twin = await hosts.TwinAsync(Brief);
        using var frozen = host.Clock.Freeze();
        var session = await twin.LoginAsync(await host.CreatePersonAsync(), "brief");
        var end = Requests.ClaimsOf(session.AccessToken).GetProperty("iat").GetInt64() + 600;

        await UseEveryAsync(TimeSpan.FromSeconds(90), 3, session);

        Assert.Equal(end, Requests.ClaimsOf(await host.UseAsync(session)).GetProperty("exp").GetInt64());
    }

    [Fact]
    public async Task A_session_that_is_over_is_in_no_list()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        await host.LoginAsync(person);

        host.Clock.Advance(TimeSpan.FromDays(30) - OneSecond);
        var watcher = await host.LoginAsync(person);
        Assert.Equal(2, (await host.SessionsAsync(watcher.AccessToken)).GetProperty("itemsInTotal").GetInt32());
        host.Clock.Advance(OneSecond);

        Assert.Equal(1, (await host.SessionsAsync(watcher.AccessToken)).GetProperty("itemsInTotal").GetInt32());
    }

    [Theory]
    [InlineData("app", 59, 61)]
    [InlineData("web", 59, 61)]
    [InlineData("brief", 9, 11)]
    public async Task Last_used_is_written_when_it_is_older_than_a_minute_or_a_tenth_of_the_idle_time(string service, int notYet, int due)
    {
        var twin = await hosts.TwinAsync(Brief);
        using var frozen = host.Clock.Freeze();
        var session = await twin.LoginAsync(await host.CreatePersonAsync(), service);
        var signedInAt = host.Clock.GetUtcNow();

        host.Clock.Advance(TimeSpan.FromSeconds(notYet));
        Assert.Equal(signedInAt.ToUnixTimeMilliseconds(), await LastUsedAfterUseAsync(session));
        host.Clock.Advance(TimeSpan.FromSeconds(due - notYet));
        var dueAt = host.Clock.GetUtcNow();
        Assert.Equal(dueAt.ToUnixTimeMilliseconds(), await LastUsedAfterUseAsync(session));
        host.Clock.Advance(TimeSpan.FromSeconds(notYet));
        Assert.Equal(dueAt.ToUnixTimeMilliseconds(), await LastUsedAfterUseAsync(session));
    }

    [Fact]
    public async Task Looking_at_the_list_is_no_use_of_the_session()
    {
        using var frozen = host.Clock.Freeze();
        var session = await host.SignedInPersonAsync();
        var signedInAt = host.Clock.GetUtcNow();

        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await host.SessionsAsync(session.AccessToken);

        var item = (await host.SessionsAsync(session.AccessToken)).GetProperty("items")[0];
        Assert.Equal(signedInAt.ToUnixTimeMilliseconds(), item.GetProperty("lastUsedAt").GetInt64());
    }

    private async Task<long> LastUsedAfterUseAsync(SignedIn session)
    {
        var page = await host.SessionsAsync(await host.UseAsync(session));
        var item = page.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("current").GetBoolean());
        return item.GetProperty("lastUsedAt").GetInt64();
    }

    private async Task UseEveryAsync(TimeSpan interval, int times, SignedIn session)
    {
        for (var i = 0; i < times; i++)
        {
            host.Clock.Advance(interval);
            await host.UseAsync(session);
        }
    }

    private async Task<(SignedIn, SignedIn)> TwoSessionsAsync(string service) =>
        (await host.SignedInPersonAsync(service), await host.SignedInPersonAsync(service));

    private async Task<SignedIn> OnPublicComputerAsync(string service, Writing writing)
    {
        var person = await host.CreatePersonAsync();
        var content = Write(writing, ("username", person.Id), ("password", person.Password), ("service", service), ("publicComputer", "true"));
        var body = await host.LoginWithAsync(content).ExpectAsync(HttpStatusCode.OK);
        return new SignedIn(body.Text("accessToken"), body.Text("csrfToken"), body.Text("refreshToken"), CookieName: null);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : SessionTimeoutTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : SessionTimeoutTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
