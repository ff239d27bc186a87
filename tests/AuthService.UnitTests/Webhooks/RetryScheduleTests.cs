using AuthService.Webhooks;
using Xunit;

namespace AuthService.UnitTests.Webhooks;

/// <summary>A failed delivery is retried with growing pauses for three days.</summary>
public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Begun = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void The_pauses_grow_for_three_days_and_the_last_attempt_is_at_their_end(double random)
    {
        var (now, giveUpAt, pauses) = (Begun, Begun.AddDays(3), new List<TimeSpan>());
        while (RetrySchedule.NextAfter(pauses.Count + 1, retryAfter: null, now, giveUpAt, random) is { } next)
        {
            pauses.Add(next - now);
            now = next;
        }

        Assert.Equal(giveUpAt, now);
        Assert.InRange(pauses.Count, 8, 11);
        Assert.InRange(pauses[0], TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
        Assert.InRange(pauses[1], TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(6));
        Assert.Equal(pauses[..^1].Order(), pauses[..^1]);
    }

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(60, 60, 60)]
    [InlineData(-60, 5, 5)]
    [InlineData(1_000_000, 86_400, 86_400)]
    public void What_a_receiver_asks_for_lengthens_a_pause_up_to_a_day(double asked, double least, double most)
    {
        var next = RetrySchedule.NextAfter(1, TimeSpan.FromSeconds(asked), Begun, Begun.AddDays(3), random: 0.5);

        Assert.InRange((next!.Value - Begun).TotalSeconds, least, most);
    }

    [Fact]
    public void Nothing_is_put_off_beyond_the_end()
    {
        Assert.Equal(Begun.AddHours(1), RetrySchedule.NextAfter(9, retryAfter: null, Begun, Begun.AddHours(1), random: 0.5));
        Assert.Null(RetrySchedule.NextAfter(9, retryAfter: null, Begun, Begun, random: 0.5));
    }
}
