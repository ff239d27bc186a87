using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>A load on some instances while something fails, and the judgement on it.</summary>
internal sealed class FaultTrial : IAsyncDisposable
{
    private const int Callers = 8;

    private readonly LoadUsers _users;
    private readonly Func<Uri?>[] _instances;
    private readonly Load _load;
    private readonly AuthHost[] _hosts;
    private readonly List<(TimeSpan Back, TimeSpan Until)> _calms = [];

    private FaultTrial(Recorder recorder, LoadUsers users, Func<Uri?>[] instances, AuthHost[] hosts)
    {
        Recorder = recorder;
        (_users, _instances, _hosts) = (users, instances, hosts);
        _load = Load.Start(recorder, users, instances);
    }

    public Recorder Recorder { get; }

    public static Task<FaultTrial> StartAsync(params AuthHost[] hosts) => StartAsync([.. hosts.Select(host => (Func<Uri?>)(() => host.Address))], hosts);

    /// <param name="instances">Where each is; null while it is not to be called.</param>
    public static Task<FaultTrial> StartAsync(params Func<Uri?>[] instances) => StartAsync(instances, []);

    /// <summary>Calls that are not answered before this moment may fail.</summary>
    public void FaultBegins()
    {
        if (_calms.Count > 0)
            _calms[^1] = _calms[^1] with { Until = Recorder.Now };
    }

    /// <summary>A fault is over at this moment: from now on the calls have to recover.</summary>
    public void FaultIsOver() => _calms.Add((Recorder.Now, TimeSpan.MaxValue));

    /// <summary>Ends the load, judges it and puts the figures into the table.</summary>
    /// <param name="proof">What was tried.</param>
    /// <param name="database">What the calls changed.</param>
    /// <param name="more">Further figures.</param>
    public async Task JudgeAsync(string proof, TestDatabase database, string more = "")
    {
        await StopAsync();
        Checker.Expect([.. Recorder.Calls.Where(call => call.Status is 500).SelectMany(WhatIsLoggedAbout)]);
        var worst = Recovery.Expect(Recorder, _calms);
        await Checker.ExpectNoViolationAsync(Recorder, _users, database, [.. _instances.Select(instance => instance()).OfType<Uri>()]);
        var figures = $"{_calms.Count} faults, {Recorder.Figures}, 0 violations, recovered in {worst.TotalSeconds:F1} s at worst";
        ProofTable.Add("Faults", proof, $"{figures}{more}, seed {Effort.Seed}");
    }

    /// <summary>Lets each caller finish what it has begun.</summary>
    public Task StopAsync() => _load.StopAsync();

    /// <summary>Fails if any answer took longer.</summary>
    /// <returns>How long the slowest took.</returns>
    public TimeSpan ExpectAnswersWithin(TimeSpan deadline)
    {
        var late = Recorder.Calls.Where(call => call.Status is null || call.Answered - call.Sent > deadline);
        Checker.Expect([.. late.Select(call => $"Not answered within {deadline}: {call}")]);
        return Recorder.Calls.Max(call => call.Answered - call.Sent);
    }

    private static async Task<FaultTrial> StartAsync(Func<Uri?>[] instances, AuthHost[] hosts) =>
        new(new Recorder(), await LoadUsers.CreateAsync(instances[0]()!, Callers), instances, hosts);

    /// <summary>For whoever has to mend it.</summary>
    private IEnumerable<string> WhatIsLoggedAbout(Call call) => _hosts.SelectMany(host => host.Log.Lines)
        .Where(line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains(call.Text("traceId")!, StringComparison.Ordinal))
        .Append($"I6: {call}: {call.Body}");

    public async ValueTask DisposeAsync()
    {
        await _load.DisposeAsync();
        Recorder.Dispose();
    }
}
