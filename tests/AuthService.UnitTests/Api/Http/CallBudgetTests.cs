using AuthService.Api.Http.Limits;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

/// <summary>A rate limit is exact: a call is refused one tick before a place is free again, and accepted at that tick.</summary>
public sealed class CallBudgetTests
{
    private static readonly CallBudget TenASecond = new(10, TimeSpan.FromSeconds(1));
    private static readonly long Share = TimeSpan.FromMilliseconds(100).Ticks;

    [Fact]
    public void A_whole_budget_may_be_used_at_once_and_not_one_call_more()
    {
        var fullAt = Use(TenASecond, 10, fullAt: 0, now: 0);

        Assert.Equal(TimeSpan.FromTicks(Share), TenASecond.FindWait(fullAt, now: 0, out _));
    }

    [Fact]
    public void A_call_comes_back_after_its_share_of_the_time_and_no_tick_sooner()
    {
        var fullAt = Use(TenASecond, 10, fullAt: 0, now: 0);

        Assert.Equal(TimeSpan.FromTicks(1), TenASecond.FindWait(fullAt, Share - 1, out _));
        Assert.Null(TenASecond.FindWait(fullAt, Share, out var next));
        Assert.Equal(TimeSpan.FromTicks(Share), TenASecond.FindWait(next, Share, out _));
    }

    [Fact]
    public void A_refused_call_changes_nothing()
    {
        var fullAt = Use(TenASecond, 10, fullAt: 0, now: 0);

        TenASecond.FindWait(fullAt, now: 0, out var next);

        Assert.Equal(fullAt, next);
    }

    [Fact]
    public void After_a_pause_there_is_the_whole_budget_and_after_a_long_one_no_more()
    {
        var fullAt = Use(TenASecond, 10, fullAt: 0, now: 0);
        var now = TimeSpan.FromDays(10).Ticks;

        fullAt = Use(TenASecond, 10, fullAt, now);

        Assert.NotNull(TenASecond.FindWait(fullAt, now, out _));
    }

    [Fact]
    public void The_wait_is_exactly_what_it_takes()
    {
        var fullAt = Use(TenASecond, 10, fullAt: 0, now: 0);
        var now = 12_345L;

        var wait = TenASecond.FindWait(fullAt, now, out _)!.Value;

        Assert.NotNull(TenASecond.FindWait(fullAt, now + wait.Ticks - 1, out _));
        Assert.Null(TenASecond.FindWait(fullAt, now + wait.Ticks, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(999_983)]
    [InlineData(RateLimitOptions.Most)]
    public void However_it_divides_a_second_holds_no_more_calls_than_said(int calls)
    {
        var budget = new CallBudget(calls, TimeSpan.FromSeconds(1));

        var fullAt = Use(budget, calls, fullAt: 0, now: 5);

        Assert.NotNull(budget.FindWait(fullAt, now: 5, out _));
        Assert.NotNull(budget.FindWait(fullAt, now: 5 + (TimeSpan.TicksPerSecond / calls) - 1, out _));
    }

    private static long Use(CallBudget budget, int calls, long fullAt, long now)
    {
        for (var call = 0; call < calls; call++)
            Assert.Null(budget.FindWait(fullAt, now, out fullAt));
        return fullAt;
    }
}
