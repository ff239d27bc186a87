using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>Runs a load on some instances while something fails, and checks the result.</summary>
internal sealed class FaultTrial : IAsyncDisposable
{
    private const int Callers = 8;

    private readonly LoadUsers _users;
    private readonly Func<Uri?>[] _instances;
    private readonly Load _load;
    private readonly Deliveries _deliveries;
    private readonly AuthHost[] _hosts;
    private readonly List<(TimeSpan Back, TimeSpan Until)> _calms = [];

    private FaultTrial(LoadUsers users, Deliveries deliveries, Func<Uri?>[] instances, AuthHost[] hosts)
    {
        (_users, _deliveries, _instances, _hosts) = (users, deliveries, instances, hosts);
        _load = Load.Start(Recorder, users, instances);
    }

    public Recorder Recorder { get; } = new();

    /// <summary>
    /// Whether a mail may arrive again, with the same Message-ID. This happens when its sender dies, or has no database for longer than its lease
    /// lasts, before the mail is marked as sent (src/AuthService/OPERATIONS.md#mail).
    /// </summary>
    public bool MailsMayRepeat { get; init; }

    /// <param name="around">The servers around the hosts. The hosts were started with their settings.</param>
    /// <param name="hosts">The instances.</param>
    public static Task<FaultTrial> StartAsync(Surroundings around, params AuthHost[] hosts) =>
        StartAsync(around, [.. hosts.Select(host => (Func<Uri?>)(() => host.Address))], hosts, mailsMayRepeat: false);

    /// <param name="around">The servers around the instances. The instances were started with their settings.</param>
    /// <param name="mailsMayRepeat"><see cref="MailsMayRepeat"/>.</param>
    /// <param name="instances">Gets the address of each instance. Null while it must not be called.</param>
    public static Task<FaultTrial> StartAsync(Surroundings around, bool mailsMayRepeat, params Func<Uri?>[] instances) =>
        StartAsync(around, instances, [], mailsMayRepeat);

    /// <summary>Marks the start of a fault. Calls without a response at this moment may fail.</summary>
    public void FaultBegins()
    {
        if (_calms.Count > 0)
            _calms[^1] = _calms[^1] with { Until = Recorder.Now };
    }

    /// <summary>Marks the end of a fault. From now on the calls have to recover.</summary>
    public void FaultIsOver() => _calms.Add((Recorder.Now, TimeSpan.MaxValue));

    /// <summary>Marks the end of a fault, and continues the load until there is enough to check.</summary>
    public Task RecoverAsync()
    {
        FaultIsOver();
        return WatchAsync();
    }

    /// <summary>Continues the load after the last fault until there is enough to check.</summary>
    public Task WatchAsync() => Recovery.WatchAsync(Recorder, _calms[^1].Back);

    /// <summary>Ends the load, checks it and adds the figures to the table.</summary>
    /// <param name="proof">The name of the proof.</param>
    /// <param name="database">The database that the calls changed.</param>
    /// <param name="more">Further figures.</param>
    public async Task JudgeAsync(string proof, TestDatabase database, string more = "")
    {
        await StopAsync();
        Checker.Expect([.. Recorder.Calls.Where(call => call.Status is 500).SelectMany(WhatIsLoggedAbout)]);
        var worst = Recovery.Expect(Recorder, _calms);
        await SettleAsync(database);
        var snapshot = await DatabaseSnapshot.ReadAsync(database);
        await Checker.ExpectNoViolationAsync(Recorder, _users, snapshot, [.. _instances.Select(instance => instance()).OfType<Uri>()]);
        var told = ExpectTold(snapshot);
        await _deliveries.EndAsync();
        var figures = $"{_calms.Count} faults, {Recorder.Figures}, {told}, 0 violations, recovered in {worst.TotalSeconds:F1} s at worst";
        ProofTable.Add("Faults", proof, $"{figures}{more}, seed {Effort.Seed}");
    }

    /// <summary>Waits until nothing of the load is pending for mailboxes and receivers. To be called before the database is copied.</summary>
    /// <param name="database">The database of the instances. Null when it cannot be reached.</param>
    public Task SettleAsync(TestDatabase? database = null) => _deliveries.SettleAsync(database, MailsMayRepeat);

    /// <summary>Stops the load. Each caller finishes what it has begun.</summary>
    public Task StopAsync() => _load.StopAsync();

    /// <summary>Fails if any response took longer.</summary>
    /// <returns>The time of the slowest response.</returns>
    public TimeSpan ExpectAnswersWithin(TimeSpan deadline)
    {
        var late = Recorder.Calls.Where(call => call.Status is null || call.Answered - call.Sent > deadline);
        Checker.Expect([.. late.Select(call => $"Not answered within {deadline}: {call}")]);
        return Recorder.Calls.Max(call => call.Answered - call.Sent);
    }

    private static async Task<FaultTrial> StartAsync(Surroundings around, Func<Uri?>[] instances, AuthHost[] hosts, bool mailsMayRepeat)
    {
        using var http = new HttpClient { BaseAddress = instances[0]() };
        var users = await LoadUsers.CreateAllAsync(http, around, Callers);
        return new FaultTrial(users, await Deliveries.StartAsync(around, users, instances), instances, hosts) { MailsMayRepeat = mailsMayRepeat };
    }

    /// <summary>Checks I9 and I10.</summary>
    /// <returns>The number of messages, in words.</returns>
    private string ExpectTold(DatabaseSnapshot snapshot)
    {
        var (told, mails) = (ToldOf.From(_deliveries), new MailChecker(Recorder, _users, snapshot, _deliveries.Mailed));
        Checker.Expect([.. new DeliveryChecker(snapshot, told).FindViolations(), .. mails.FindViolations(MailsMayRepeat)]);
        Checker.Expect([.. _deliveries.Signals.Changed.Select(id => $"I9: the SET {id} came again and told something else")]);
        var (feed, messages) = (told.Reread.Distinct(StringComparer.Ordinal).Count(), told.Messages.Distinct(StringComparer.Ordinal).Count());
        return $"told of {feed:N0} by the feed, {messages:N0} by webhook, {told.Signals.Count:N0} by signal, {_deliveries.Mailed.Count:N0} mails";
    }

    /// <summary>Gets the log lines about a call, for the developer who has to fix the failure.</summary>
    private IEnumerable<string> WhatIsLoggedAbout(Call call) => _hosts.SelectMany(host => host.Log.Lines)
        .Where(line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains(call.Text("traceId")!, StringComparison.Ordinal))
        .Append($"I6: {call}: {call.Body}");

    public async ValueTask DisposeAsync()
    {
        await _load.DisposeAsync();
        await _deliveries.DisposeAsync();
        Recorder.Dispose();
    }
}
