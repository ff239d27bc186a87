using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Account;

/// <summary>A person sees the times, the address and the device of each of their sessions.</summary>
public abstract class SessionDetailsTests(AuthHost host)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private const string LocationHeader = "X-Where";

    private static readonly string[] Members =
    [
        "current", "deviceName", "deviceType", "email", "expiresAt", "inactivityDuration", "ipAddress", "lastAccessed", "location", "loginTime",
        "sessionDuration", "sessionId", "userAgent",
    ];

    [Fact]
    public async Task A_fresh_sign_in_is_described_in_full()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync(new() { ["email"] = "ann@example.com" });
        var session = await host.LoginAsync(person.Id, person.Password, "app", ("User-Agent", Firefox), (LocationHeader, "Atlantis"));

        var details = Assert.Single(await host.MySessionsAsync(session.AccessToken));

        var now = host.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal(Members, details.MemberNames());
        Assert.Equal((session.SessionId, "127.0.0.1", Firefox), (details.Text("sessionId"), details.Text("ipAddress"), details.Text("userAgent")));
        Assert.Equal(("ann@example.com", "Desktop", "Firefox on Linux"), (details.Text("email"), details.Text("deviceType"), details.Text("deviceName")));
        Assert.Equal((now, now), (Number(details, "loginTime"), Number(details, "lastAccessed")));
        Assert.Equal((0, 0), (Number(details, "sessionDuration"), Number(details, "inactivityDuration")));
        Assert.Equal(now + (long)TimeSpan.FromDays(30).TotalMilliseconds, Number(details, "expiresAt"));
        Assert.True(details.GetProperty("current").GetBoolean());
        Assert.Equal(JsonValueKind.Null, details.GetProperty("location").ValueKind);
    }

    [Fact]
    public async Task Durations_grow_with_the_clock_and_use_ends_inactivity()
    {
        using var frozen = host.Clock.Freeze();
        var start = host.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var session = await host.SignedInPersonAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(90));

        var idle = Assert.Single(await host.MySessionsAsync(session.AccessToken));
        Assert.Equal((90_000, 90_000), (Number(idle, "sessionDuration"), Number(idle, "inactivityDuration")));
        Assert.Equal((start, start), (Number(idle, "loginTime"), Number(idle, "lastAccessed")));

        var used = Assert.Single(await host.MySessionsAsync(await host.RefreshAsync(session.RefreshToken)));
        Assert.Equal((90_000, 0), (Number(used, "sessionDuration"), Number(used, "inactivityDuration")));
        Assert.Equal((start, start + 90_000), (Number(used, "loginTime"), Number(used, "lastAccessed")));
    }

    [Fact]
    public async Task Only_the_one_that_the_call_is_made_with_is_current()
    {
        var person = await host.CreatePersonAsync();
        var (first, second) = (await host.LoginAsync(person), await host.LoginAsync(person, "web"));

        foreach (var session in new[] { first, second })
        {
            var details = await host.MySessionsAsync(session.AccessToken);
            Assert.Equal([second.SessionId, first.SessionId], [.. details.Select(one => one.Text("sessionId"))]);
            Assert.Equal(session.SessionId, Assert.Single(details, one => one.GetProperty("current").GetBoolean()).Text("sessionId"));
        }
    }

    [Fact]
    public async Task Somebody_without_an_address_or_a_device_is_unknown()
    {
        var session = await host.SignedInPersonAsync();

        var details = Assert.Single(await host.MySessionsAsync(session.AccessToken));

        Assert.Equal(("Unknown", "Unknown device"), (details.Text("deviceType"), details.Text("deviceName")));
        Assert.Equal(Members, details.MemberNames());
    }

    [Fact]
    public async Task Where_the_person_was_is_believed_of_a_known_proxy()
    {
        await using var behindProxy = await host.StartTwinAsync(new()
        {
            ["ReverseProxy:KnownProxies:0"] = "127.0.0.1",
            ["ReverseProxy:LocationHeader"] = LocationHeader,
        });

        var details = await SignInFromAsync(behindProxy);

        Assert.Equal(("Quebec, CA", "203.0.113.9"), (details.Text("location"), details.Text("ipAddress")));
    }

    [Fact]
    public async Task Where_the_person_was_is_not_believed_of_anybody_else()
    {
        await using var elsewhere = await host.StartTwinAsync(new()
        {
            ["ReverseProxy:KnownProxies:0"] = "192.0.2.1",
            ["ReverseProxy:LocationHeader"] = LocationHeader,
        });

        var details = await SignInFromAsync(elsewhere);

        Assert.Equal(JsonValueKind.Null, details.GetProperty("location").ValueKind);
        Assert.Equal("127.0.0.1", details.Text("ipAddress"));
    }

    private static long Number(JsonElement details, string name) => details.GetProperty(name).GetInt64();

    private async Task<JsonElement> SignInFromAsync(AuthHost instance)
    {
        var person = await host.CreatePersonAsync();
        var session = await instance.LoginAsync(
            person.Id, person.Password, "app", (LocationHeader, "Quebec, CA"), ("X-Forwarded-For", "203.0.113.9"));
        return Assert.Single(await host.MySessionsAsync(session.AccessToken));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SessionDetailsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SessionDetailsTests(store.Host);
}
