using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using Xunit.Sdk;

namespace AuthService.ApiTests.Faults;

/// <summary>Makes every single call to the database fail in turn, before it is executed and after it, and checks the result.</summary>
internal sealed class FailingCalls(BrokenWire broken)
{
    private const int MostCalls = 60;

    /// <summary>Checks that a confirmed call is done, that a call that is not done has left nothing, and that a repeat is safe.</summary>
    public async Task ExpectDoneWhollyOrNotAtAllAsync(string name, Flow flow)
    {
        var whole = await WholeAsync(flow);
        await ForEachCallAsync(name, flow, async failed =>
        {
            var isDone = failed.Left == whole;
            if (!isDone && failed.Left.Length > 0 && failed.Left != flow.MayLeave)
                throw Violation(name, failed, $"half-written, the whole would be \"{whole}\"");
            if (failed.Status == flow.Answer ? !isDone : failed.Status is not HttpStatusCode.ServiceUnavailable)
                throw Violation(name, failed, "the answer does not fit what was done");
            using var repeat = await failed.Call();
            if (repeat.StatusCode != (isDone ? flow.Again : flow.Answer))
                throw Violation(name, failed, $"the repeat was answered with {repeat.StatusCode}");
        });
    }

    public Task ExpectRefusedAsync(string name, Flow flow) => ForEachCallAsync(name, flow, async failed =>
    {
        if (failed.Status != flow.Answer && failed.Status is not HttpStatusCode.ServiceUnavailable)
            throw Violation(name, failed, "nothing but the refusal or 503 was to be expected");
        await failed.Call().ExpectAsync(flow.Again);
    });

    /// <summary>Makes the first call to the database fail, then the second, and so on until the flow makes no more calls.</summary>
    private async Task ForEachCallAsync(string name, Flow flow, Func<FailedCall, Task> judge)
    {
        var (failures, at, isThrough) = (0, 0, false);
        while (!isThrough)
        {
            at++;
            foreach (var kind in KindsAt(at))
            {
                if (await FailAsync(flow, kind, at) is not { } failed)
                {
                    isThrough = true;
                    break;
                }

                await judge(failed);
                failures++;
            }
        }

        if (failures == 0)
            throw new XunitException($"{name}: no call to the database failed, so nothing was tried");
        ProofTable.Add("Faults", $"Every database call fails in turn: {name}", $"{failures} failures, 0 violations");
    }

    /// <summary>
    /// Gets both kinds of failure. In the short form the first call and every other one after it fail, in one way each. Which calls and which ways differs
    /// between runs.
    /// </summary>
    private static ConnectionFaultKind[] KindsAt(int call)
    {
        ConnectionFaultKind[] both = [ConnectionFaultKind.Before, ConnectionFaultKind.After];
        if (Effort.IsLong)
            return both;
        var turn = call + (Effort.Seed & 3);
        return call is 1 || turn % 2 == 0 ? [both[turn / 2 % 2]] : [];
    }

    private XunitException Violation(string name, FailedCall failed, string what) => new(
        $"{name}, call {failed.At} failed {failed.Kind}: answered {failed.Status}, left \"{failed.Left}\": {what}\n"
        + broken.Host.Log.Lines.LastOrDefault(line => line.StartsWith("Error", StringComparison.Ordinal)));

    /// <returns>The changes that the call makes when nothing fails.</returns>
    private async Task<string> WholeAsync(Flow flow)
    {
        var call = await flow.PrepareAsync(broken.Host);
        var before = await Footprint.TakeAsync(broken.Host.Database);
        await call().ExpectAsync(flow.Answer);
        return (await Footprint.TakeAsync(broken.Host.Database)).Since(before);
    }

    /// <returns>Null when the call queries the database less often.</returns>
    private async Task<FailedCall?> FailAsync(Flow flow, ConnectionFaultKind kind, int at)
    {
        Assert.True(at < MostCalls, $"One call asks the database {at} times");
        var call = await flow.PrepareAsync(broken.Host);
        var before = await Footprint.TakeAsync(broken.Host.Database);
        var fault = broken.Proxy.NextFault = new ConnectionFault(kind, at);
        using var response = await call();
        broken.Proxy.NextFault = null;
        if (fault.Calls < at)
            return null;
        await fault.Happened; // the failed query may be that of a worker, and still on its way
        var body = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode && Leaks.Find(body) is { } leak)
            throw new XunitException($"call {at} failed {kind}: the answer says \"{leak}\": {body}");
        var left = (await Footprint.TakeAsync(broken.Host.Database)).Since(before);
        return new FailedCall(call, kind, at, response.StatusCode, left);
    }

    private sealed record FailedCall(Func<Task<HttpResponseMessage>> Call, ConnectionFaultKind Kind, int At, HttpStatusCode Status, string Left);
}
