using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// Checks I7: five seconds after a fault less than 0.1 % of the calls fail, and after thirty seconds none. A call that hangs fails too, however early
/// it was sent. If no call succeeds, nothing has recovered.
/// </summary>
internal static class Recovery
{
    /// <summary>The fewest calls that must succeed.</summary>
    public const int Fewest = 50;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);

    /// <summary>The longest time of a call. A call of the first five seconds has another ten seconds; one that fails after both hangs.</summary>
    private static readonly TimeSpan Hanging = Soon + TimeSpan.FromSeconds(10);

    /// <summary>The time that the load must continue after a fault, so that there is enough to check.</summary>
    private static readonly TimeSpan Watch = Effort.Of(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(35));

    /// <summary>The extra time for enough calls on a slow machine. Their speed is not checked here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Continues the load until there is enough to check.</summary>
    /// <param name="recorder">Records the calls.</param>
    /// <param name="back">The end of the fault, on the recorder's clock.</param>
    public static async Task WatchAsync(Recorder recorder, TimeSpan back)
    {
        await Task.Delay(Watch);
        while (recorder.Calls.Count(call => IsServed(call, back)) < Fewest && recorder.Now < back + Watch + Patience)
            await Task.Delay(100);
    }

    /// <summary>Fails unless the calls recovered in time from each fault.</summary>
    /// <param name="recorder">Has recorded the calls.</param>
    /// <param name="calms">The times from the end of a fault to the start of the next one, on the recorder's clock.</param>
    /// <returns>The longest time after the end of a fault at which a call began that failed.</returns>
    public static TimeSpan Expect(Recorder recorder, params IEnumerable<(TimeSpan Back, TimeSpan Until)> calms)
    {
        var worst = TimeSpan.Zero;
        foreach (var (back, until) in calms)
        {
            // A call without a response at the start of the next fault may fail because of that fault, unless it has already waited for too long.
            var after = recorder.Calls.Where(call => call.Sent >= back && (call.Answered < until || until - call.Sent > Hanging)).ToList();
            var failed = after.Where(call => call.Outcome is Outcome.Unknown).ToList();
            var soon = failed.Where(call => call.Sent >= back + Soon || call.Answered > back + Hanging).ToList();
            var late = failed.Where(call => call.Sent >= back + Late || call.Answered >= back + Late);
            var (calls, served) = (after.Count(call => call.Sent >= back + Soon), after.Count(call => IsServed(call, back)));
            if (soon.Count > calls / 1000)
                Checker.Expect([$"I7: {soon.Count} of {calls} calls failed later than {Soon} after the fault", .. soon.Select(call => $"{call}: {call.Body}")]);
            Checker.Expect([.. late.Select(call => $"I7: {call}: {call.Body}")]);
            Checker.Expect(served < Fewest ? [$"I7: {served} calls succeeded that were sent later than {Soon} after the fault, {Fewest} had to"] : []);
            worst = failed.Select(call => call.Sent - back).Append(worst).Max();
        }

        return worst;
    }

    private static bool IsServed(Call call, TimeSpan back) => call.Outcome is Outcome.Ok && call.Sent >= back + Soon;
}
