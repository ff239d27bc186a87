using AuthService.SignIn;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AuthService.UnitTests.SignIn;

/// <summary>Too many failures in a row stop a name. These tests cover the rules without a store: edges, parallel guesses, locks and pauses.</summary>
public sealed class FailuresInARowTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void The_hundredth_failure_in_a_row_is_judged_and_stops_the_name_for_good()
    {
        var (record, now) = FailSlowly(LockoutRecord.Clean, Start, times: 99);
        Assert.False(record.IsStopped);

        record = Fail(record, now, times: 1);

        Assert.True(record.IsStopped);
        Assert.Equal(new LockoutVerdict.Locked(LockoutRecord.Never), record.Begin(now + TimeSpan.FromDays(3_650)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Of_guesses_made_in_parallel_a_hundred_in_a_row_are_judged_at_most(int before)
    {
        var (record, now) = FailSlowly(LockoutRecord.Clean, Start, times: 96 + before);
        now += LockoutRecord.Window;
        record = Begin(record, now, times: 4 - before);

        Assert.IsType<LockoutVerdict.Wait>(record.Begin(now));
        for (var i = 0; i < 3 - before; i++)
            record = record.Failed(now);
        Assert.IsType<LockoutVerdict.Wait>(record.Begin(now));
        Assert.IsType<LockoutVerdict.Judge>(record.Succeeded(now).Begin(now));
        Assert.IsType<LockoutVerdict.Judge>(record.Withdrawn(now).Begin(now));
        Assert.True(record.Failed(now).IsStopped);
    }

    [Fact]
    public void A_success_begins_a_new_row()
    {
        var (record, now) = FailSlowly(LockoutRecord.Clean, Start, times: 99);

        record = Begin(record, now).Succeeded(now);

        Assert.Equal(0, record.FailuresInARow);
        (record, now) = FailSlowly(record, now, times: 99);
        Assert.False(record.IsStopped);
        Assert.True(Fail(record, now, times: 1).IsStopped);
    }

    [Fact]
    public void An_attempt_cut_off_with_its_instance_is_one_of_the_row()
    {
        var (record, now) = FailSlowly(LockoutRecord.Clean, Start, times: 99);
        record = Begin(record, now);

        var verdict = Assert.IsType<LockoutVerdict.Locked>(record.Begin(now + LockoutRecord.LongestJudgement));

        Assert.True(verdict.Next?.IsStopped);
    }

    [Fact]
    public void A_verdict_that_comes_after_the_stop_leaves_it()
    {
        var (record, now) = FailSlowly(LockoutRecord.Clean, Start, times: 99);
        record = Fail(record, now, times: 1);

        Assert.Equal(record, record.Succeeded(now));
        Assert.True(record.Failed(now).IsStopped);
        Assert.Equal(record, record.Withdrawn(now));
    }

    /// <summary>Any sequence of right and wrong guesses: the row has the wrong ones since the last right one.</summary>
    [Fact]
    public void The_row_is_counted_across_locks_and_hours() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Gen.Frequency((1, Gen.Constant(true)), (60, Gen.Constant(false))).ArrayOf(150).ToArbitrary(), guesses =>
        {
            var (record, now, row) = (LockoutRecord.Clean, Start, 0);
            foreach (var isRight in guesses)
            {
                now = record.LockedUntil > now && !record.IsStopped ? record.LockedUntil.Value : now + TimeSpan.FromMinutes(row);
                if (record.Begin(now) is not LockoutVerdict.Judge(var begun))
                    return row == LockoutRecord.AllowedFailuresInARow && record.IsStopped;
                (record, row) = isRight ? (begun.Succeeded(now), 0) : (begun.Failed(now), row + 1);
            }

            return record.FailuresInARow == row;
        }));

    [Fact]
    public void Forgetting_loses_nothing_that_still_counts()
    {
        var (failed, later) = (Fail(LockoutRecord.Clean, Start, times: 3), Start + TimeSpan.FromSeconds(5));
        var known = failed with { IsNameOfPrincipal = true };
        var succeeded = Begin(Fail(LockoutRecord.Clean, Start, times: 5), later).Succeeded(later);

        Assert.Equal(Start + TimeSpan.FromDays(30), failed.ForgetAt(Start));
        Assert.All([known, Begin(known, Start)], record => Assert.Equal(LockoutRecord.Never, record.ForgetAt(Start)));
        Assert.Equal(later + TimeSpan.FromHours(1), succeeded.ForgetAt(Start));
        Assert.All(
            [LockoutRecord.Clean, Begin(known, Start).Succeeded(Start)], record => Assert.Equal(DateTimeOffset.MinValue, record.ForgetAt(Start)));
    }

    private static (LockoutRecord Record, DateTimeOffset Now) FailSlowly(LockoutRecord record, DateTimeOffset now, int times)
    {
        for (var i = 0; i < times; i++)
        {
            now += LockoutRecord.Window;
            record = Fail(record, now, times: 1);
        }

        return (record, now);
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
