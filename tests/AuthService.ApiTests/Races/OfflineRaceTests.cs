using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using AuthService.Client;
using AuthService.Storage;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>
/// Revocations race services that validate access tokens offline and follow the feed. They refuse every token of a revoked session within a bound that
/// begins with the response to the revocation, in whatever order transactions begin and commit.
/// </summary>
public abstract class OfflineRaceTests(Twins twins)
{
    /// <summary>The delay that the feed promises.</summary>
    private static readonly TimeSpan LongestAtP99 = TimeSpan.FromSeconds(1);

    /// <summary>The bound for every single revocation: validators with older knowledge say that they are stale.</summary>
    private static readonly TimeSpan Longest = new AuthServiceRevocationOptions().MaxStaleness;

    [Fact]
    public async Task Who_listens_to_either_instance_refuses_every_token_that_a_refresh_got_before_the_end()
    {
        var (person, credential) = (await twins.One.CreatePersonAsync(), await twins.One.NewServiceTokenAsync());
        var (took, tookLate, tokens) = (new ConcurrentBag<TimeSpan>(), new ConcurrentBag<TimeSpan>(), 0);
        using var stop = new CancellationTokenSource();
        Listener[] listeners = [new(_ => twins.One), new(_ => twins.Other), new(call => call % 2 == 0 ? twins.One : twins.Other)];
        var listening = listeners.Select(listener => listener.ListenAsync(credential, stop.Token)).ToArray();

        await twins.PlayAsync("revocation against a validator that asks nobody", Effort.Of(100, 10_000), async round =>
        {
            var session = await round.Either().LoginAsync(person);
            var (revoking, isHeldUp) = (round.Either(), round.Between(0, 9) == 0);
            var late = isHeldUp && twins.One.Database.IsPostgres ? await round.Either().LoginAsync(person) : null; // SQLite allows only one writer
            await using var open = late is null ? null : await HoldUpAsync(late);
            var refreshing = new Refreshing(round, (instance, _) => instance.TryRefreshAsync(session.RefreshToken));
            string[] minted = [.. await refreshing.AgainstAsync(() => revoking.PostAsync("/auth/logout", session.RefreshToken)), session.AccessToken];

            took.Add(await RefusedByAllAsync(listeners, minted, refreshing.AcknowledgedAt));
            Interlocked.Add(ref tokens, minted.Length);
            if (open is null)
                return;
            Assert.DoesNotContain(listeners, listener => listener.Refuses(late!.AccessToken));
            await open.Transaction.CommitAsync();
            tookLate.Add(await RefusedByAllAsync(listeners, [late!.AccessToken], Stopwatch.GetTimestamp()));
        });

        await stop.CancelAsync();
        await Task.WhenAll(listening);
        Report(took, tookLate, tokens);
        if (Effort.IsLong) // in parallel with all other tests it would test the machine
            Assert.InRange(AtP99(took), TimeSpan.Zero, LongestAtP99);
    }

    /// <summary>Waits until every validator refuses all tokens of a session, which must be within the bound.</summary>
    /// <param name="listeners">The validators.</param>
    /// <param name="tokens">The access tokens of one session.</param>
    /// <param name="acknowledgedAt">When the revocation was acknowledged, as <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <returns>The time from then on until the last validator had the entry; zero when all had it before.</returns>
    private static async Task<TimeSpan> RefusedByAllAsync(Listener[] listeners, string[] tokens, long acknowledgedAt)
    {
        var (session, last) = (Requests.ClaimsOf(tokens[0]).Text("sid"), TimeSpan.Zero);
        foreach (var listener in listeners)
        {
            var took = Stopwatch.GetElapsedTime(acknowledgedAt, await listener.HearsAsync(session, acknowledgedAt));
            Assert.All(tokens, token => Assert.True(listener.Refuses(token), $"session {session} has ended, and its token still passes"));
            last = took > last ? took : last;
        }

        Assert.InRange(last, TimeSpan.Zero, Longest);
        return last;
    }

    /// <summary>
    /// Opens a transaction that ends a session, as the service does it, and that commits after later revocations were read.
    /// </summary>
    private async Task<OpenTransaction> HoldUpAsync(SignedIn session)
    {
        var now = twins.One.Clock.GetUtcNow();
        var (endedAt, expireAt) = (UnixMicroseconds.From(now), UnixMicroseconds.From(now.AddDays(7)));
        return await twins.One.Database.BeginAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            WITH gone AS (DELETE FROM sessions WHERE id = '{session.SessionId}' RETURNING *)
            INSERT INTO ended_sessions (id, principal_number, reason, ended_at, expire_at)
            SELECT id, principal_number, 0, {endedAt}, {expireAt} FROM gone
            """));
    }

    private void Report(ConcurrentBag<TimeSpan> took, ConcurrentBag<TimeSpan> tookLate, int tokens)
    {
        var median = took.Order().ElementAt(took.Count / 2);
        var late = tookLate.IsEmpty ? "" : $", {tookLate.Count:N0} that committed late: longest {tookLate.Max().TotalMilliseconds:N0} ms";
        ProofTable.Add("Races", $"From the response until three validators refuse ({twins.One.Database.Store})", string.Create(
            CultureInfo.InvariantCulture,
            $"{took.Count:N0} revocations, {tokens:N0} tokens, median {median.TotalMilliseconds:N0} ms, p99 {AtP99(took).TotalMilliseconds:N0} ms, ")
            + $"longest {took.Max().TotalMilliseconds:N0} ms{late}");
    }

    private static TimeSpan AtP99(ConcurrentBag<TimeSpan> took) => took.Order().ElementAt(took.Count * 99 / 100);

    /// <summary>A validator that reads the feed all the time, by the rules of <see cref="OfflineValidator"/>, and remembers when it had an entry.</summary>
    private sealed class Listener(Func<int, AuthHost> host)
    {
        private readonly ConcurrentDictionary<string, (JsonElement Entry, long At)> _ended = new(StringComparer.Ordinal);

        public async Task ListenAsync(string credential, CancellationToken stop)
        {
            string? cursor = null;
            for (var calls = 0; !stop.IsCancellationRequested; calls++)
            {
                var answer = await host(calls).ReadFeedAsync(credential, cursor, wait: 1);
                var at = Stopwatch.GetTimestamp();
                cursor = answer.Text("cursor");
                foreach (var entry in answer.GetProperty("revoked").EnumerateArray())
                {
                    if (entry.TryGetProperty("sid", out var session) && !entry.TryGetProperty("sub", out _))
                        _ended.TryAdd(session.GetString()!, (entry, at));
                }
            }
        }

        /// <summary>Returns when it had the entry of a session; fails when the bound has passed without it.</summary>
        public async Task<long> HearsAsync(string session, long acknowledgedAt)
        {
            for (; ; await Task.Delay(5))
            {
                if (_ended.TryGetValue(session, out var ended))
                    return ended.At;
                Assert.True(Stopwatch.GetElapsedTime(acknowledgedAt) < Longest, $"a validator never heard that session {session} has ended");
            }
        }

        public bool Refuses(string token) =>
            _ended.TryGetValue(Requests.ClaimsOf(token).Text("sid"), out var ended) && OfflineValidator.Means(ended.Entry, token);
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : OfflineRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : OfflineRaceTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : OfflineRaceTests(twins);
}
