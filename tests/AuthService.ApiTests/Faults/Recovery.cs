using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>I7: five seconds after a fault under 0.1 % of the calls fail, after thirty none.</summary>
internal static class Recovery
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);

    /// <summary>How long the load must go on after a fault, so that there is something to judge.</summary>
    public static TimeSpan Watch { get; } = Effort.Of(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(35));

    /// <summary>Fails unless the calls recovered in time from each fault.</summary>
    /// <param name="recorder">Has noted the calls.</param>
    /// <param name="calms">From the end of a fault to the begin of the next, on the recorder's clock.</param>
    /// <returns>How long after the end of a fault the last call began that failed, at worst.</returns>
    public static TimeSpan Expect(Recorder recorder, params IEnumerable<(TimeSpan Back, TimeSpan Until)> calms)
    {
        var worst = TimeSpan.Zero;
        foreach (var (back, until) in calms)
        {
            var after = recorder.Calls.Where(call => call.Sent >= back && call.Answered < until).ToList();
            var failed = after.Where(call => call.Outcome is Outcome.Unknown).ToList();
            var (soon, late) = (failed.Where(call => call.Sent >= back + Soon).ToList(), failed.Where(call => call.Sent >= back + Late));
            var calls = after.Count(call => call.Sent >= back + Soon);
            if (soon.Count > calls / 1000)
                Checker.Expect([$"I7: {soon.Count} of {calls} calls failed later than {Soon} after the fault", .. soon.Select(call => $"{call}: {call.Body}")]);
            Checker.Expect([.. late.Select(call => $"I7: {call}: {call.Body}")]);
            worst = failed.Select(call => call.Sent - back).Append(worst).Max();
        }

        return worst;
    }
}
