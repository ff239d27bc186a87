using System.Globalization;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// After a crash, PostgreSQL gives the numbers of transactions that it had not written to disk to other transactions. The feed of revocations is read in the
/// order of these numbers. Here the server writes to disk only at a commit, so that the numbers of transactions that were rolled back are lost.
/// </summary>
public sealed class ReusedNumbersTests
{
    private const int Crashes = 3;
    private const int Lost = 40;

    [Fact]
    public async Task A_revocation_with_a_number_that_the_feed_had_passed_is_not_missed()
    {
        using var postgres = await PostgresInstance.PrepareAsync();
        await postgres.StartAsync("synchronous_commit=on", "wal_writer_delay=10s", "checkpoint_timeout=1h");
        await using var host = await AuthHost.StartOnAsync(TestDatabase.On(postgres));
        var validator = new OfflineValidator(host, await host.NewServiceTokenAsync());
        var reused = 0;
        for (var crash = 0; crash < Crashes; crash++)
        {
            await FollowAsync(validator, TimeSpan.FromSeconds(3));
            var passed = await LoseNumbersAsync(postgres);
            await FollowAsync(validator, TimeSpan.FromSeconds(0.5));
            await postgres.CrashAsync();
            await postgres.StartAgainAsync();
            var revoked = await RevokeAsync(postgres, 2 * Lost);

            foreach (var session in revoked)
                await validator.LearnsOfSessionAsync(session.Id);
            reused += revoked.Count(session => session.Position <= passed);
        }

        Assert.True(reused > 0, "The server gave no number twice, so this has shown nothing");
        ProofTable.Add("Faults", "Numbers of lost transactions given again", $"{Crashes} crashes, {reused} revocations with such a number, 0 missed");
    }

    private static async Task FollowAsync(OfflineValidator validator, TimeSpan time)
    {
        for (var until = Environment.TickCount64 + time.TotalMilliseconds; Environment.TickCount64 < until; await Task.Delay(100))
            await validator.ReadAsync();
    }

    /// <summary>Rolls transactions back that have a number.</summary>
    /// <returns>The last number.</returns>
    private static async Task<long> LoseNumbersAsync(PostgresInstance postgres)
    {
        var last = 0L;
        for (var i = 0; i < Lost; i++)
            last = NumberOf(await postgres.ExecuteAsync("BEGIN; SELECT pg_current_xact_id()::text; ROLLBACK"));
        return last;
    }

    private static async Task<List<(Guid Id, long Position)>> RevokeAsync(PostgresInstance postgres, int count)
    {
        var revoked = new List<(Guid, long)>();
        for (var i = 0; i < count; i++)
        {
            var id = Guid.NewGuid();
            var position = await postgres.ExecuteAsync(
                $"""
                INSERT INTO ended_sessions (id, principal_number, reason, ended_at, expire_at)
                SELECT '{id}', 1, 0, now, now + 604800000000 FROM (SELECT (extract(epoch FROM now()) * 1000000)::bigint AS now) AS clock
                RETURNING position::text
                """);
            revoked.Add((id, NumberOf(position)));
        }

        return revoked;
    }

    private static long NumberOf(object? text) => long.Parse((string)text!, CultureInfo.InvariantCulture);
}
