using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// The database fails at every single call in turn, before it and after it: what is answered as done is done, what is not done
/// has left nothing, a repeat is safe, and nobody learns what is inside.
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

/// <summary>The same around mails, webhooks, streams and stored tokens, beside the workers that they need.</summary>
public sealed class EveryCallFailsBesideWorkersTests(WireBesideWorkers broken) : IClassFixture<WireBesideWorkers>
{
    private readonly FailingCalls _failing = new(broken);
    private readonly IReadOnlyDictionary<string, Flow> _flows = FlowsBesideWorkers.With(broken.Mails);

    public static TheoryData<string> Names { get; } = [.. FlowsBesideWorkers.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public Task An_action_is_done_wholly_or_not_at_all(string name) => _failing.ExpectDoneWhollyOrNotAtAllAsync(name, _flows[name]);
}
