using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// I7: five seconds after a fault under 0.1 % of the calls fail, after thirty none. A call that hangs fails as well, however early it was sent, and where
/// nothing succeeds nothing has recovered.
/// </summary>
internal static class Recovery
{
    /// <summary>That many calls succeed at least.</summary>
    public const int Fewest = 50;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);

    /// <summary>What was sent in the first five seconds has its own deadline of ten; what fails after both hangs.</summary>
    private static readonly TimeSpan Hanging = Soon + TimeSpan.FromSeconds(10);

    /// <summary>How long the load must go on after a fault, so that there is something to judge.</summary>
    private static readonly TimeSpan Watch = Effort.Of(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(35));

    /// <summary>For as many calls on a slow machine: how fast they are is none of this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Lets the load go on until there is something to judge.</summary>
    /// <param name="recorder">Notes the calls.</param>
    /// <param name="back">The end of the fault, on the recorder's clock.</param>
    public static async Task WatchAsync(Recorder recorder, TimeSpan back)
    {
        await Task.Delay(Watch);
        while (recorder.Calls.Count(call => IsServed(call, back)) < Fewest && recorder.Now < back + Watch + Patience)
            await Task.Delay(100);
    }

    /// <summary>Fails unless the calls recovered in time from each fault.</summary>
    /// <param name="recorder">Has noted the calls.</param>
    /// <param name="calms">From the end of a fault to the begin of the next, on the recorder's clock.</param>
    /// <returns>How long after the end of a fault the last call began that failed, at worst.</returns>
    public static TimeSpan Expect(Recorder recorder, params IEnumerable<(TimeSpan Back, TimeSpan Until)> calms)
    {
        var worst = TimeSpan.Zero;
        foreach (var (back, until) in calms)
        {
            // What is not answered when the next fault begins may fail because of that, unless it has been waiting for too long already.
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
