using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>Revoking one person's sessions does not make PostgreSQL read all sessions.</summary>
[Collection("postgres 2")]
public sealed class RevocationScanTests(PostgresStore store)
{
    private const int Others = 20_000;

    /// <summary>The rows that were read without an index. Scans of the few sessions before the others were there may be counted later.</summary>
    private const string RowsScanned = "seq_tup_read";

    private const string Counters = "pg_stat_user_tables WHERE relname = 'sessions'";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task By_their_owner_by_an_administrator_and_with_what_came_of_one()
    {
        await using var own = await store.Host.StartAnotherAsync(new()
        {
            ["CleanUp:Interval"] = "1.00:00:00",
            ["Metrics:SessionCountInterval"] = "1.00:00:00",
        });
        var admin = await own.NewAdminTokenAsync();
        var people = new List<(Person Person, SignedIn Session)>();
        while (people.Count < 4)
        {
            var person = await own.CreatePersonAsync();
            people.Add((person, await own.LoginAsync(person)));
            await own.LoginAsync(person);
        }

        await FillAsync(own.Database, people[0].Session.SessionId);
        Task<HttpResponseMessage>[] Calls() =>
        [
            own.DeleteAsync($"{AccountCalls.Sessions}/all", people[0].Session.AccessToken),
            own.DeleteAsync(AccountCalls.Sessions, people[1].Session.AccessToken),
            own.DeleteAsync(Administration.SessionsOf(people[2].Person.Id), admin),
            own.DeleteAsync($"/admin/sessions/{people[3].Session.SessionId}?descendants=true", admin),
        ];
        var (before, ended) = (await ReadAsync(own.Database, RowsScanned), await own.Database.CountAsync("ended_sessions"));

        foreach (var call in await Task.WhenAll(Calls()))
        {
            Assert.True(call.IsSuccessStatusCode, $"{call.StatusCode}");
            call.Dispose();
        }

        await UntilCountedAsync(own.Database, await own.Database.CountAsync("ended_sessions") - ended);
        Assert.InRange(await ReadAsync(own.Database, RowsScanned) - before, 0, Others - 1);
    }

    private static async Task FillAsync(TestDatabase database, string template)
    {
        await database.ExecuteAsync(
            $"""
            INSERT INTO sessions SELECT (json_populate_record(s, json_build_object('id', gen_random_uuid(), 'refresh_token_hash', NULL))).*
            FROM sessions AS s, generate_series(1, {Others}) WHERE s.id = '{template}'
            """);
        await database.ExecuteAsync(
            "UPDATE sessions SET principal_number = (SELECT number FROM principals WHERE id = 'admin') WHERE refresh_token_hash IS NULL");
        await database.ExecuteAsync("ANALYZE sessions");
        await UntilAsync(async () => await ReadAsync(database, "n_tup_upd") >= Others);
    }

    private static Task UntilCountedAsync(TestDatabase database, long deleted) =>
        UntilAsync(async () => await ReadAsync(database, "n_tup_del") >= deleted);

    /// <summary>Waits for the statistics. A connection reports its counts up to a second later, all counts of a table together.</summary>
    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var waited = TimeSpan.Zero; !await isSo(); waited += TimeSpan.FromMilliseconds(50))
        {
            Assert.True(waited < Patience, "PostgreSQL has not counted it");
            await Task.Delay(50);
        }
    }

    private static Task<long> ReadAsync(TestDatabase database, string counter) => database.NumberAsync($"SELECT {counter} FROM {Counters}");
}
