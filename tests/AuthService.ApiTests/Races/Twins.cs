using System.Collections.Concurrent;
using System.Diagnostics;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Recovery;
using Xunit;
using Xunit.Sdk;

namespace AuthService.ApiTests.Races;

/// <summary>Two instances on one SQLite file.</summary>
[CollectionDefinition("races on sqlite")]
public sealed class SqliteTwins() : Twins(Store.Sqlite, part: 8), ICollectionFixture<SqliteTwins>;

/// <summary>Two instances on one PostgreSQL, as the service is deployed. Here every race runs in full.</summary>
[CollectionDefinition("races on postgres")]
public sealed class PostgresTwins() : Twins(Store.Postgres, part: 1), ICollectionFixture<PostgresTwins>;

/// <summary>Two instances on one PostgreSQL behind PgBouncer in transaction mode.</summary>
[CollectionDefinition("races on pgbouncer")]
public sealed class PgBouncerTwins() : Twins(Store.PgBouncer, part: 8), ICollectionFixture<PgBouncerTwins>;

/// <summary>The two instances that all races on one store share. The races run one after another.</summary>
public abstract class Twins(Store store, int part) : IAsyncLifetime
{
    private const int RoundsAtOnce = 4;
    private const int EnoughViolations = 10;

    /// <summary>The settings for access tokens that do not expire during a race, so that a refusal always has another reason.</summary>
    private static readonly Settings Lasting = new() { ["Jwt:AccessTokenLifetime"] = "6.00:00:00" };

    private readonly MailServer _mailServer = MailServer.Start();
    private AuthHost? _one;
    private AuthHost? _other;

    public AuthHost One => _one!;

    public AuthHost Other => _other!;

    /// <summary>The mails that both instances have sent.</summary>
    public Mailbox Mails => new(_mailServer);

    public async Task InitializeAsync()
    {
        _one = await AuthHost.StartAsync(store, Settings());
        _other = await One.StartTwinAsync(Settings());
    }

    /// <summary>Gets the settings for another instance on the same database.</summary>
    internal Settings Settings(Settings? more = null) => Lasting.With(_mailServer.Settings).With(more);

    public async Task DisposeAsync()
    {
        if (_other is not null)
            await _other.DisposeAsync();
        if (_one is not null)
            await _one.DisposeAsync();
        await _mailServer.DisposeAsync();
    }

    /// <summary>Runs the rounds of a race, several in parallel, records the result, and fails if any round did.</summary>
    /// <param name="race">The name of the race: which calls race which.</param>
    /// <param name="rounds">The number of rounds on PostgreSQL. Other stores run a part of them.</param>
    /// <param name="play">Runs one round. It throws when something happens that must not happen.</param>
    /// <returns>The number of rounds that ran, and how many of them were close.</returns>
    internal async Task<(int Rounds, int Close)> PlayAsync(string race, int rounds, Func<Round, Task> play)
    {
        var (violations, close, played, took) = (new ConcurrentQueue<string>(), 0, 0, Stopwatch.StartNew());
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Math.Max(1, rounds / part)),
            new ParallelOptions { MaxDegreeOfParallelism = RoundsAtOnce },
            async (number, _) =>
            {
                if (violations.Count >= EnoughViolations)
                    return;
                var round = new Round(number, this);
                if (await ViolationAsync(round, play) is { } violation)
                    violations.Enqueue($"Round {number}: {violation}");
                Interlocked.Increment(ref played);
                Interlocked.Add(ref close, round.WasClose ? 1 : 0);
            });

        var met = close > 0 ? $", {close:N0} close" : "";
        ProofTable.Add("Races", $"{race} ({store})",
            $"{played:N0} rounds{met}, {violations.Count} violations, seed {Effort.Seed}, {took.Elapsed.TotalSeconds:N1} s");
        if (violations.TryPeek(out var first))
            throw new XunitException($"{violations.Count} of {played} rounds went wrong; AUTHSERVICE_TESTS_SEED={Effort.Seed} repeats them. {first}");
        return (played, close);
    }

    /// <summary>
    /// Runs one round and gets its violation, if any. Every exception is a violation: an unexpected refusal, a failed call, an assertion.
    /// </summary>
    private static async Task<string?> ViolationAsync(Round round, Func<Round, Task> play)
    {
        try
        {
            await play(round);
            return null;
        }
        catch (Exception violation)
        {
            return violation.ToString();
        }
    }
}
