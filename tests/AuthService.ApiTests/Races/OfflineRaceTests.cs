using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using AuthService.Storage;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>
/// Revocations race services that validate access tokens offline and follow the feed. They learn of every revocation, in whatever order transactions
/// begin and commit.
/// </summary>
public abstract class OfflineRaceTests(Twins twins)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The delay that the feed promises.</summary>
    private static readonly TimeSpan LongestAtP99 = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Who_listens_to_either_instance_hears_of_every_session_that_a_refresh_could_not_save()
    {
        var (person, credential) = (await twins.One.CreatePersonAsync(), await twins.One.NewServiceTokenAsync());
        var took = new ConcurrentBag<double>();
        using var stop = new CancellationTokenSource();
        Listener[] listeners = [new(_ => twins.One), new(_ => twins.Other), new(call => call % 2 == 0 ? twins.One : twins.Other)];
        var listening = listeners.Select(listener => listener.ListenAsync(credential, stop.Token)).ToArray();

        await twins.PlayAsync("revocation against a validator that asks nobody", Effort.Of(100, 10_000), async round =>
        {
            var session = await round.Either().LoginAsync(person);
            var (revoking, isHeldUp) = (round.Either(), round.Between(0, 9) == 0);
            var late = Guid.NewGuid();
            await using var open = isHeldUp ? await HoldUpAsync(person, late) : null;
            await new Refreshing(round, (instance, _) => instance.TryRefreshAsync(session.RefreshToken))
                .AgainstAsync(() => revoking.PostAsync("/auth/logout", session.RefreshToken));

            var acknowledged = Stopwatch.StartNew();
            foreach (var listener in listeners)
                await listener.HearsAsync(session.SessionId, Patience);
            took.Add(acknowledged.Elapsed.TotalMilliseconds);
            if (open is null)
                return;
            await open.Transaction.CommitAsync();
            foreach (var listener in listeners)
                await listener.HearsAsync($"{late}", Patience);
        });

        await stop.CancelAsync();
        await Task.WhenAll(listening);
        double[] inOrder = [.. took.Order()];
        var (median, p99) = (inOrder[inOrder.Length / 2], inOrder[inOrder.Length * 99 / 100]);
        ProofTable.Add("Races", $"Until three validators have heard of a revocation ({twins.One.Database.Store})", string.Create(
            CultureInfo.InvariantCulture, $"{inOrder.Length:N0} revocations, median {median:N0} ms, p99 {p99:N0} ms"));
        if (Effort.IsLong) // in parallel with all other tests it would test the machine
            Assert.InRange(p99, 0, LongestAtP99.TotalMilliseconds);
    }

    /// <summary>
    /// Opens a transaction that has ended a session, as the service writes it, and that commits after later revocations were read. On SQLite it would
    /// block all other writes.
    /// </summary>
    private async Task<OpenTransaction?> HoldUpAsync(Person person, Guid ended)
    {
        if (!twins.One.Database.IsPostgres)
            return null;
        var now = twins.One.Clock.GetUtcNow();
        var (endedAt, expireAt) = (UnixMicroseconds.From(now), UnixMicroseconds.From(now.AddDays(7)));
        return await twins.One.Database.BeginAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            INSERT INTO ended_sessions (id, principal_number, reason, ended_at, expire_at)
            SELECT '{ended}', number, 0, {endedAt}, {expireAt} FROM principals WHERE id = '{person.Id}'
            """));
    }

    private sealed class Listener(Func<int, AuthHost> host)
    {
        private readonly ConcurrentDictionary<string, bool> _heard = new(StringComparer.Ordinal);

        public async Task ListenAsync(string credential, CancellationToken stop)
        {
            string? cursor = null;
            for (var calls = 0; !stop.IsCancellationRequested; calls++)
            {
                var answer = await host(calls).ReadFeedAsync(credential, cursor, wait: 1);
                cursor = answer.Text("cursor");
                foreach (var entry in answer.GetProperty("revoked").EnumerateArray())
                {
                    if (entry.TryGetProperty("sid", out var session))
                        _heard[session.GetString()!] = true;
                }
            }
        }

        public async Task HearsAsync(string session, TimeSpan patience)
        {
            for (var waited = Stopwatch.StartNew(); !_heard.ContainsKey(session);)
            {
                Assert.True(waited.Elapsed < patience, $"a validator never heard that session {session} has ended");
                await Task.Delay(5);
            }
        }
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : OfflineRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : OfflineRaceTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : OfflineRaceTests(twins);
}
