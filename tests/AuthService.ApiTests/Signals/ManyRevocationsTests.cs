using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Upgrades;
using AuthService.Audit;
using AuthService.Sessions.Revoking;
using Xunit;
using static AuthService.ApiTests.Signals.SignalCalls;

namespace AuthService.ApiTests.Signals;

/// <summary>Many revoked sessions are reported one by one, and very many with only a few SETs (src/AuthService/README.md#shared-signals).</summary>
public abstract class ManyRevocationsTests(AuthHost host)
{
    private const int People = 101;

    /// <summary>A report for all sessions of a person, or for everybody, would also sign out sessions that are still active.</summary>
    [Fact]
    public async Task Bulk_sign_out_of_many_people_is_told_session_by_session()
    {
        await using var own = await host.StartAnotherAsync(); // a new stream may also be told what others revoked a moment before
        var subscriber = await own.SubscribeAsync();
        var sessions = new List<SignedIn>();
        for (var i = 0; i < People; i++)
            sessions.Add(await own.SignedInPersonAsync());

        var tokens = sessions.Select(session => session.RefreshToken);
        await own.PostAsync("/auth/logout/bulk", subscriber.Token, new { tokens }).ExpectAsync(HttpStatusCode.NoContent);

        var told = await TakeAsync(subscriber, sets => sets.Count >= People);
        Assert.Equal(
            sessions.Select(session => session.SessionId).Order(StringComparer.Ordinal),
            told.Select(claims => claims.GetProperty("sub_id").GetProperty("session").Text("id")).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Of_a_thousand_sessions_each_is_told()
    {
        await using var own = await host.StartAnotherAsync();
        var told = await EndEveryonesAsync(own, sessions: 999);

        Assert.Equal(1_000, told.Select(claims => claims.GetProperty("sub_id").GetProperty("session").Text("id")).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Of_one_more_their_people_are_told()
    {
        await using var own = await host.StartAnotherAsync();
        var told = await EndEveryonesAsync(own, sessions: 1_000);

        Assert.All(told, claims => Assert.Equal("iss_sub", claims.GetProperty("sub_id").Text("format")));
        Assert.Equal(200, told.Count(claims => UserOf(claims)!.StartsWith("many-", StringComparison.Ordinal)));
        Assert.Equal(201, told.Select(UserOf).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Of_more_than_a_thousand_people_it_is_one_SET_for_everybody()
    {
        await using var own = await host.StartAnotherAsync();
        var told = Assert.Single(await EndEveryonesAsync(own, sessions: 5_000)); // a session of the administrator is revoked too

        Assert.Equal("""{"format":"complex","tenant":{"format":"opaque","id":"http://localhost"}}""", told.GetProperty("sub_id").GetRawText());
    }

    private static async Task<List<JsonElement>> EndEveryonesAsync(AuthHost own, int sessions)
    {
        var subscriber = await own.SubscribeAsync();
        await new ManySessions(own.Database, sessions).AddAsync();

        var ended = await own.CallAsync<SessionRevocation, int>(revocation => revocation.RevokeEveryonesAsync(AuditActor.Service));
        Assert.Equal(sessions + 1, ended); // the administrator's session too

        return await TakeAsync(subscriber, sets => sets.Count > 0);
    }

    /// <summary>Polls and acknowledges until there are enough SETs and no more are waiting.</summary>
    private static async Task<List<JsonElement>> TakeAsync(Subscriber subscriber, Func<List<JsonElement>, bool> isEnough)
    {
        var (taken, acknowledged) = (new List<JsonElement>(), Array.Empty<string>());
        await Eventually.TrueAsync(async () =>
        {
            var answer = await subscriber.Host.PollAsync(subscriber, new { returnImmediately = true, ack = acknowledged });
            taken.AddRange(ClaimsIn(answer));
            acknowledged = [.. answer.GetProperty("sets").EnumerateObject().Select(set => set.Name)];
            return acknowledged.Length == 0 && isEnough(taken);
        });
        return taken;
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ManyRevocationsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ManyRevocationsTests(store.Host);
}
