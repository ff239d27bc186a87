using System.Globalization;
using AuthService.Api.Http.Limits;
using AuthService.UnitTests.Tokens;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

public sealed class CallCountersTests
{
    private static readonly CallBudget Hundred = new(100, TimeSpan.FromSeconds(1));
    private readonly StillClock _clock = new();

    [Fact]
    public void Parallel_calls_get_exactly_the_budget()
    {
        var counters = new CallCounters(_clock);
        var many = new CallBudget(500_000, TimeSpan.FromSeconds(1));
        var granted = 0;

        var callers = Enumerable.Range(0, 4).Select(_ => new Thread(Call)).ToList();
        callers.ForEach(caller => caller.Start());
        callers.ForEach(caller => caller.Join());

        Assert.Equal(many.Calls, granted);

        void Call()
        {
            for (var call = 0; call < many.Calls; call++)
            {
                if (counters.TryTake("somebody", many) is null)
                    Interlocked.Increment(ref granted);
            }
        }
    }

    [Fact]
    public void What_was_used_comes_back_with_time()
    {
        var counters = new CallCounters(_clock);
        for (var call = 0; call < 100; call++)
            Assert.Null(counters.TryTake("somebody", Hundred));

        Assert.Equal(TimeSpan.FromMilliseconds(10), counters.TryTake("somebody", Hundred));
        _clock.Now += TimeSpan.FromMilliseconds(10);
        Assert.Null(counters.TryTake("somebody", Hundred));
        Assert.NotNull(counters.TryTake("somebody", Hundred));
    }

    [Fact]
    public void Others_have_budgets_of_their_own()
    {
        var counters = new CallCounters(_clock);
        for (var call = 0; call < 101; call++)
            counters.TryTake("somebody", Hundred);

        // Two keys share a counter in one of 65,536 cases. It is almost impossible that all ten do.
        Assert.Contains(Enumerable.Range(0, 10), other => counters.TryTake($"other {other}", Hundred) is null);
    }

    [Fact]
    public void A_million_keys_take_no_memory()
    {
        var counters = new CallCounters(_clock);
        Span<char> key = stackalloc char[10];
        counters.TryTake(key, Hundred);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var number = 0; number < 1_000_000; number++)
        {
            number.TryFormat(key, out var length, provider: CultureInfo.InvariantCulture);
            counters.TryTake(key[..length], Hundred);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
