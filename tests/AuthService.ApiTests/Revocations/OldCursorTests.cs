using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>
/// A reader of the feed comes back after days. What was dropped meanwhile concerns no token that is still valid, and a reader whose cursor is older than
/// what is kept is told that the feed begins again.
/// </summary>
public abstract class OldCursorTests(AuthHost host)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(6);

    [Theory]
    [InlineData(1, "")]
    [InlineData(8, "")]
    [InlineData(7, "6.00:00:00")]
    public async Task A_cursor_older_than_what_is_kept_begins_anew_and_says_so(int days, string lifetime)
    {
        await using var own = await StartAsync(lifetime);
        var (before, after) = (await own.SignedInPersonAsync(), await own.CreatePersonAsync());
        var cursor = (await ReadAsync(own, cursor: null)).Text("cursor");
        await SignOutAsync(own, before);

        own.Clock.Advance((Day * days) + TimeSpan.FromMinutes(2));
        var session = await own.LoginAsync(after);
        await SignOutAsync(own, session);
        await new OfflineValidator(own, await own.NewServiceTokenAsync()).LearnsOfAsync(session.AccessToken);
        var answer = await ReadAsync(own, cursor);

        Assert.True(answer.GetProperty("restarted").GetBoolean());
        Assert.True(Names(answer, session));
        Assert.False(Names(answer, before), "the token has expired, and the feed still names it");
        Assert.False((await ReadAsync(own, answer.Text("cursor"))).TryGetProperty("restarted", out _));
    }

    [Theory]
    [InlineData("", 23)]
    [InlineData("6.00:00:00", (6 * 24) - 1)]
    public async Task A_younger_one_goes_on_and_nothing_is_missed(string lifetime, int hours)
    {
        await using var own = await StartAsync(lifetime);
        var (session, person) = (await own.SignedInPersonAsync(), await own.CreatePersonAsync());
        var cursor = (await ReadAsync(own, cursor: null)).Text("cursor");

        own.Clock.Advance(TimeSpan.FromHours(hours));
        var late = await own.LoginAsync(person);
        await SignOutAsync(own, late);
        await SignOutAsync(own, session);
        await new OfflineValidator(own, await own.NewServiceTokenAsync()).LearnsOfAsync(late.AccessToken);
        var answer = await ReadAsync(own, cursor);

        Assert.False(answer.TryGetProperty("restarted", out _));
        Assert.True(Names(answer, late));
    }

    /// <summary>A cursor of version 1.0.0 does not say how old it is.</summary>
    [Fact]
    public async Task One_without_a_time_goes_on()
    {
        var cursor = (await ReadAsync(host, cursor: null)).Text("cursor");

        var answer = await ReadAsync(host, WithoutTime(cursor));

        Assert.NotEqual(WithoutTime(cursor), cursor, StringComparer.Ordinal);
        Assert.False(answer.TryGetProperty("restarted", out _));
    }

    /// <summary>The longest lifetime that can be set ends before the week after which clean-up removes ended sessions.</summary>
    [Fact]
    public async Task A_token_of_the_longest_lifetime_is_refused_until_it_expires()
    {
        await using var own = await StartAsync("6.00:00:00");
        var session = await own.SignedInPersonAsync();
        var expiry = DateTimeOffset.FromUnixTimeSeconds(Requests.ClaimsOf(session.AccessToken).GetProperty("exp").GetInt64());
        Assert.InRange(expiry - own.Clock.GetUtcNow(), LongestLifetime - TimeSpan.FromMinutes(2), LongestLifetime);
        await SignOutAsync(own, session);
        using var frozen = own.Clock.Freeze();

        own.Clock.Advance(expiry - own.Clock.GetUtcNow() + TimeSpan.FromSeconds(30)); // the skew that verifiers allow
        await using var cleaning = await own.StartTwinAsync(Settings("6.00:00:00").With(new() { ["CleanUp:Interval"] = "00:00:00.200" }));
        await Task.Delay(TimeSpan.FromSeconds(1));

        Assert.True(Names(await ReadAsync(cleaning, cursor: null), session));
    }

    private Task<AuthHost> StartAsync(string lifetime) => host.StartAnotherAsync(Settings(lifetime));

    private static Settings Settings(string lifetime) => lifetime.Length == 0 ? new() : new() { ["Jwt:AccessTokenLifetime"] = lifetime };

    private static async Task<JsonElement> ReadAsync(AuthHost own, string? cursor) =>
        await own.ReadFeedAsync(await own.NewServiceTokenAsync(), cursor, wait: 0);

    private static async Task SignOutAsync(AuthHost own, SignedIn session) =>
        await own.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

    private static bool Names(JsonElement answer, SignedIn session) => answer.GetProperty("revoked").EnumerateArray()
        .Any(entry => entry.TryGetProperty("sid", out var id) && id.GetString() == session.SessionId);

    private static string WithoutTime(string cursor)
    {
        var parts = cursor.Split('.');
        parts[2] = parts[2].Split('t')[0];
        return string.Join('.', parts);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : OldCursorTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : OldCursorTests(store.Host);
}
