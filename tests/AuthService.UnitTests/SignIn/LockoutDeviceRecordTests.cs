using AuthService.SignIn;
using Xunit;

namespace AuthService.UnitTests.SignIn;

/// <summary>Known devices have a failure record of their own, which affects that of the name, and is kept for a year.</summary>
public sealed class LockoutDeviceRecordTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void A_success_elsewhere_forgets_failures_where_an_attempt_would_be_judged(int failures, bool forgets)
    {
        var record = Fail(LockoutRecord.Clean, Start, failures);

        var next = record.SucceededElsewhere(Start);

        Assert.Equal(forgets, next is not null);
        Assert.True(next is null or { Attempts.Length: 0, FailuresInARow: 0, Judging: 0 });
    }

    [Fact]
    public void A_success_elsewhere_leaves_attempts_that_are_being_judged()
    {
        var record = Begin(Fail(LockoutRecord.Clean, Start, times: 2), Start);

        var next = record.SucceededElsewhere(Start)!;

        Assert.Equal((1, 1, 1), (next.Attempts.Length, next.FailuresInARow, next.Judging));
        Assert.Null(next.SucceededElsewhere(Start));
        Assert.Null(Begin(record, Start, times: 2).SucceededElsewhere(Start));
    }

    [Fact]
    public void The_failures_of_a_device_are_kept_for_a_year()
    {
        var record = Fail(LockoutRecord.Clean with { IsOfDevice = true }, Start, times: 1) with { IsNameOfPrincipal = true };

        Assert.Equal(Start + TimeSpan.FromDays(365), record.ForgetAt(Start));
    }

    private static LockoutRecord Begin(LockoutRecord record, DateTimeOffset now, int times = 1)
    {
        for (var i = 0; i < times; i++)
            record = Assert.IsType<LockoutVerdict.Judge>(record.Begin(now)).Next;
        return record;
    }

    private static LockoutRecord Fail(LockoutRecord record, DateTimeOffset now, int times)
    {
        for (var i = 0; i < times; i++)
            record = Begin(record, now).Failed(now);
        return record;
    }
}
