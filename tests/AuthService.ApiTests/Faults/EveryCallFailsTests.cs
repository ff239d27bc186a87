using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// Every single call to the database fails in turn, before it is executed and after it. A call that is confirmed is done, one that is not done has
/// left nothing, a repeat is safe, and no response shows internal details.
/// </summary>
public sealed class EveryCallFailsTests(BrokenWire broken) : IClassFixture<BrokenWire>
{
    private readonly FailingCalls _failing = new(broken);

    public static TheoryData<string> AuditEventNames { get; } = [.. Flow.All.Keys];

    public static TheoryData<string> RefusalNames { get; } = [.. Flow.Refusals.Keys];

    [Theory]
    [MemberData(nameof(AuditEventNames))]
    public Task An_action_is_done_wholly_or_not_at_all(string name) => _failing.ExpectDoneWhollyOrNotAtAllAsync(name, Flow.All[name]);

    [Theory]
    [MemberData(nameof(RefusalNames))]
    public Task What_is_refused_does_not_succeed(string name) => _failing.ExpectRefusedAsync(name, Flow.Refusals[name]);
}

/// <summary>Checks calls about mails, webhooks, streams and stored tokens in the same way, with the workers that they need.</summary>
public sealed class EveryCallFailsBesideWorkersTests(WireBesideWorkers broken) : IClassFixture<WireBesideWorkers>
{
    private readonly FailingCalls _failing = new(broken);
    private readonly IReadOnlyDictionary<string, Flow> _flows = FlowsBesideWorkers.With(broken.Mails);

    public static TheoryData<string> Names { get; } = [.. FlowsBesideWorkers.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public Task An_action_is_done_wholly_or_not_at_all(string name) => _failing.ExpectDoneWhollyOrNotAtAllAsync(name, _flows[name]);
}
