using AuthService.SignIn;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AuthService.UnitTests.SignIn;

/// <summary>
/// The lockout (src/AuthService/README.md#sign-in) as rules without a store: counts, edges, parallel guesses, an instance that was killed during a check.
/// </summary>
public sealed class LockoutRecordTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    [Fact]
    public void Four_failures_lock_nothing()
    {
        var record = Fail(LockoutRecord.Clean, Start, times: 4);

        Assert.Null(record.LockedUntil);
        Assert.IsType<LockoutVerdict.Judge>(record.Begin(Start));
    }

    [Fact]
    public void A_withdrawn_attempt_leaves_the_record_as_it_was()
    {
        var failed = Fail(LockoutRecord.Clean, Start, times: 4);
        var begun = Assert.IsType<LockoutVerdict.Judge>(failed.Begin(Start)).Next;

        var withdrawn = begun.Withdrawn(Start);

        Assert.Equal(4, withdrawn.Attempts.Length);
        Assert.Equal(0, withdrawn.Judging);
        Assert.Null(withdrawn.LockedUntil);
        Assert.Equal(4, withdrawn.Withdrawn(Start).Attempts.Length);
    }

    [Fact]
    public void The_fifth_failure_is_judged_and_locks_for_five_seconds()
    {
        var record = Fail(LockoutRecord.Clean, Start, times: 5);

        Assert.Equal(Start + TimeSpan.FromSeconds(5), record.LockedUntil);
        Assert.Equal(new LockoutVerdict.Locked(record.LockedUntil!.Value), record.Begin(Start));
    }

    [Fact]
    public void A_lock_holds_until_its_end_and_not_at_it()
    {
        var record = Fail(LockoutRecord.Clean, Start, times: 5);
        var end = Start + TimeSpan.FromSeconds(5);

        Assert.IsType<LockoutVerdict.Locked>(record.Begin(end - TimeSpan.FromSeconds(1)));
        Assert.IsType<LockoutVerdict.Locked>(record.Begin(end - Microsecond));
        Assert.IsType<LockoutVerdict.Judge>(record.Begin(end));
    }

    [Fact]
    public void Attempts_while_locked_change_nothing()
    {
        var record = Fail(LockoutRecord.Clean, Start, times: 5);

        var verdict = Assert.IsType<LockoutVerdict.Locked>(record.Begin(Start + TimeSpan.FromSeconds(4)));

        Assert.Null(verdict.Next);
        Assert.Equal(Start + TimeSpan.FromSeconds(5), verdict.Until);
    }

    [Fact]
    public void After_a_lock_there_are_five_attempts_again_and_the_next_lock_is_five_times_longer()
    {
        var record = LockoutRecord.Clean;
        var now = Start;
        foreach (var seconds in new[] { 5, 25, 125, 625, 3125, 3125, 3125 })
        {
            Assert.IsType<LockoutVerdict.Judge>(Fail(record, now, times: 4).Begin(now));
            record = Fail(record, now, times: 5);
            Assert.Equal(now + TimeSpan.FromSeconds(seconds), record.LockedUntil);
            now = record.LockedUntil!.Value;
        }
    }

    [Theory]
    [InlineData(-1, 25)]
    [InlineData(0, 5)]
    public void Severity_is_forgotten_exactly_an_hour_after_the_last_lock_ended(int microseconds, int seconds)
    {
        var first = Fail(LockoutRecord.Clean, Start, times: 5);
        var now = first.LockedUntil!.Value + TimeSpan.FromHours(1) + microseconds * Microsecond;

        Assert.Equal(now + TimeSpan.FromSeconds(seconds), Fail(first, now, times: 5).LockedUntil);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public void A_failure_counts_for_five_minutes(int microseconds, bool locks)
    {
        var record = Fail(LockoutRecord.Clean, Start, times: 4);
        var now = Start + TimeSpan.FromMinutes(5) + microseconds * Microsecond;

        Assert.Equal(locks, Fail(record, now, times: 1).LockedUntil is not null);
    }

    [Fact]
    public void The_window_slides()
    {
        var record = LockoutRecord.Clean;
        for (var i = 0; i < 20; i++)
            record = Fail(record, Start + i * TimeSpan.FromSeconds(75), times: 1);

        Assert.Null(record.LockedUntil);
    }

    [Fact]
    public void A_success_clears_the_count()
    {
        var record = Fail(LockoutRecord.Clean, Start, times: 4);

        record = Begin(record, Start).Succeeded(Start);

        Assert.Null(Fail(record, Start, times: 4).LockedUntil);
        Assert.NotNull(Fail(record, Start, times: 5).LockedUntil);
    }

    [Fact]
    public void A_success_after_a_lock_leaves_the_severity()
    {
        var record = Fail(LockoutRecord.Clean, Start, times: 5);
        var later = record.LockedUntil!.Value;

        record = Begin(record, later).Succeeded(later);

        Assert.Equal(later + TimeSpan.FromSeconds(25), Fail(record, later, times: 5).LockedUntil);
    }

    [Fact]
    public void Of_guesses_made_in_parallel_five_are_judged_and_the_sixth_waits()
    {
        var record = Begin(LockoutRecord.Clean, Start, times: 5);

        Assert.IsType<LockoutVerdict.Wait>(record.Begin(Start));
        for (var i = 0; i < 4; i++)
        {
            record = record.Failed(Start);
            Assert.Null(record.LockedUntil);
            Assert.IsType<LockoutVerdict.Wait>(record.Begin(Start));
        }

        Assert.IsType<LockoutVerdict.Locked>(record.Failed(Start).Begin(Start));
    }

    [Fact]
    public void A_right_password_among_parallel_ones_lets_the_waiting_go_on()
    {
        var record = Begin(LockoutRecord.Clean, Start, times: 5);

        Assert.IsType<LockoutVerdict.Judge>(record.Succeeded(Start).Begin(Start));
    }

    [Fact]
    public void A_success_forgets_failures_and_not_the_attempts_that_are_still_judged()
    {
        var record = Begin(Fail(LockoutRecord.Clean, Start, times: 2), Start, times: 3);

        record = record.Succeeded(Start).Failed(Start).Failed(Start);

        Assert.Null(Fail(record, Start, times: 2).LockedUntil);
        Assert.NotNull(Fail(record, Start, times: 3).LockedUntil);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public void An_attempt_cut_off_with_its_instance_counts_as_failed_after_a_minute(int microseconds)
    {
        var record = Fail(Begin(LockoutRecord.Clean, Start), Start, times: 4);
        var now = Start + TimeSpan.FromMinutes(1) + microseconds * Microsecond;

        Assert.IsType<LockoutVerdict.Wait>(record.Begin(Start));
        if (microseconds < 0)
        {
            Assert.IsType<LockoutVerdict.Wait>(record.Begin(now));
            return;
        }

        var verdict = Assert.IsType<LockoutVerdict.Locked>(record.Begin(now));
        Assert.Equal(now + TimeSpan.FromSeconds(5), verdict.Until);
        Assert.Equal(verdict.Until, verdict.Next?.LockedUntil);
        Assert.Equal(new LockoutVerdict.Locked(verdict.Until), verdict.Next?.Begin(now));
    }

    [Fact]
    public void A_verdict_that_comes_after_the_lock_neither_lengthens_nor_lifts_it()
    {
        var judged = Fail(Begin(LockoutRecord.Clean, Start), Start, times: 4);
        var now = Start + TimeSpan.FromMinutes(1);
        var locked = Assert.IsType<LockoutVerdict.Locked>(judged.Begin(now)).Next!;

        Assert.Equal(locked.LockedUntil, locked.Failed(now).LockedUntil);
        Assert.Equal(locked.LockedUntil, locked.Succeeded(now).LockedUntil);
        Assert.Equal(0, locked.Failed(now).Judging);
    }

    /// <summary>Wrong guesses may start and end in any order: at most five are checked before the name is locked.</summary>
    [Fact]
    public void No_order_of_parallel_guesses_is_judged_more_often_than_five_times() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Gen.Elements(true, false).ArrayOf(40).ToArbitrary(), starts => CountJudged(starts) <= LockoutRecord.AllowedFailures));

    private static int CountJudged(bool[] starts)
    {
        var (record, judged, running) = (LockoutRecord.Clean, 0, 0);
        foreach (var starting in starts)
        {
            if (starting && record.Begin(Start) is LockoutVerdict.Judge(var next))
                (record, judged, running) = (next, judged + 1, running + 1);
            else if (!starting && running > 0)
                (record, running) = (record.Failed(Start), running - 1);
        }

        return judged;
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
