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

/// <summary>Two instances on one PostgreSQL, as the service is deployed; here every race is run in full.</summary>
[CollectionDefinition("races on postgres")]
public sealed class PostgresTwins() : Twins(Store.Postgres, part: 1), ICollectionFixture<PostgresTwins>;

/// <summary>Two instances on one PostgreSQL behind PgBouncer in transaction mode.</summary>
[CollectionDefinition("races on pgbouncer")]
public sealed class PgBouncerTwins() : Twins(Store.PgBouncer, part: 8), ICollectionFixture<PgBouncerTwins>;

/// <summary>The two instances that all races on one store share, one race after the other.</summary>
public abstract class Twins(Store store, int part) : IAsyncLifetime
{
    private const int RoundsAtOnce = 4;
    private const int EnoughViolations = 10;

    /// <summary>Whatever is refused in a race is refused because it was ended, not because it grew old meanwhile.</summary>
    private static readonly Settings Lasting = new() { ["Jwt:AccessTokenLifetime"] = "365.00:00:00" };

    private readonly MailServer _mailServer = MailServer.Start();
    private AuthHost? _one;
    private AuthHost? _other;

    public AuthHost One => _one!;

    public AuthHost Other => _other!;

    /// <summary>What both have sent.</summary>
    public Mailbox Mails => new(_mailServer);

    public async Task InitializeAsync()
    {
        _one = await AuthHost.StartAsync(store, Settings());
        _other = await One.StartTwinAsync(Settings());
    }

    /// <summary>Of another instance on the same database.</summary>
    internal Settings Settings(Settings? more = null) => Lasting.With(_mailServer.Settings).With(more);

    public async Task DisposeAsync()
    {
        if (_other is not null)
            await _other.DisposeAsync();
        if (_one is not null)
            await _one.DisposeAsync();
        await _mailServer.DisposeAsync();
    }

    /// <summary>Plays a race again and again, several rounds side by side, puts on record how it went, and fails if any round did.</summary>
    /// <param name="race">What races what, in words.</param>
    /// <param name="rounds">On PostgreSQL; on the other stores a part of them.</param>
    /// <param name="play">One round; it throws where something happened that must not.</param>
    /// <returns>How many rounds were played, and how many of them were close.</returns>
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

    /// <summary>Any exception is one: a refusal in other words, a call that broke, an assertion.</summary>
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
