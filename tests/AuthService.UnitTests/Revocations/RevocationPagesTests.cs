using System.Text.Json;
using AuthService.Revocations;
using Xunit;

namespace AuthService.UnitTests.Revocations;

/// <summary>A reader whose calls go to several instances comes to the end and hears everything, in whichever order each instance read it.</summary>
public sealed class RevocationPagesTests
{
    private const int Many = 3 * RevocationSnapshot.MostAtOnce;
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 50)]
    public void Page_by_page_from_one_instance_and_another(bool isOneTransaction, int beyondEnd)
    {
        var revoked = Enumerable.Range(1, Many).Select(number => OfSession(isOneTransaction ? 7 : number)).ToArray();
        var end = Many + 1 - beyondEnd;
        RevocationSnapshot[] instances = [Read(revoked, end), Read(revoked.Reverse(), end), Read(Shuffled(revoked), end)];

        var heard = ReadToTheEnd(turn => instances[turn % instances.Length]);

        var expected = revoked.Select(revocation => $"{revocation.SessionId}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), heard.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    /// <summary>One transaction was open for so long that thousands that began later were committed and read before it.</summary>
    [Fact]
    public void What_was_committed_late_stands_behind_what_began_after_it()
    {
        var late = OfSession(1);
        var early = Enumerable.Range(2, Many).Select(number => OfSession(number)).ToArray();
        var instances = Enumerable.Range(0, 2).Select(_ =>
        {
            var log = NewLog();
            log.Add(new RevocationsRead("one", 1, Now, early));
            log.Add(new RevocationsRead("one", Many + 2, Now, [late]));
            return log.Watched!;
        }).ToArray();

        var heard = ReadToTheEnd(turn => instances[turn % 2]);

        Assert.Equal(Many + 1, heard.Distinct(StringComparer.Ordinal).Count());
        Assert.Contains($"{late.SessionId}", heard, StringComparer.Ordinal);
    }

    /// <summary>An entry that is added between two pages comes too.</summary>
    [Fact]
    public void What_is_added_meanwhile_is_not_passed_over()
    {
        var revoked = Enumerable.Range(1, Many).Select(number => OfSession(number)).ToArray();
        RevocationLog[] logs = [NewLog(), NewLog()];
        foreach (var log in logs)
            log.Add(new RevocationsRead("one", Many / 2, Now, revoked));
        var late = OfSession((Many / 2) + 1);

        var heard = ReadToTheEnd(turn =>
        {
            if (turn == 1)
                Array.ForEach(logs, log => log.Add(new RevocationsRead("one", Many + 1, Now, [late])));
            return logs[turn % 2].Watched!;
        });

        Assert.Contains($"{late.SessionId}", heard, StringComparer.Ordinal);
    }

    private static RevocationLog NewLog() => new(TimeProvider.System, new RevocationWakeUp(), new RevocationNews());

    private static RevocationSnapshot Read(IEnumerable<Revocation> revoked, long end)
    {
        var log = NewLog();
        log.Add(new RevocationsRead("one", end, Now, [.. revoked]));
        return log.Watched!;
    }

    /// <returns>The sessions that the reader heard of, with repetitions.</returns>
    private static List<string> ReadToTheEnd(Func<int, RevocationSnapshot> instance)
    {
        var heard = new List<string>();
        RevocationCursor? cursor = null;
        for (var turn = 0; turn < 3 * Many / RevocationSnapshot.MostAtOnce; turn++)
        {
            using var answer = JsonDocument.Parse(instance(turn).AnswerTo(cursor, isRestart: false).Body);
            heard.AddRange(answer.RootElement.GetProperty("revoked").EnumerateArray().Select(entry => entry.GetProperty("sid").GetString()!));
            Assert.True(RevocationCursor.TryParse(answer.RootElement.GetProperty("cursor").GetString()!, out var next));
            cursor = next;
            if (!answer.RootElement.TryGetProperty("more", out _))
                return heard;
        }

        Assert.Fail("It has not come to the end");
        return heard;
    }

    private static Revocation[] Shuffled(Revocation[] revoked)
    {
        var shuffled = revoked.ToArray();
        new Random(20261201).Shuffle(shuffled);
        return shuffled;
    }

    private static Revocation OfSession(long position) => new(position, DateTimeOffset.MaxValue) { SessionId = Guid.NewGuid() };
}
