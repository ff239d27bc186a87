using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>A load on some instances while something fails, and the judgement on it.</summary>
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
    /// Whether a mail may come again, with the same Message-ID: whoever had sent it dies, or lacks its database for longer than it may keep the mail, before
    /// that is noted (src/AuthService/OPERATIONS.md#mail).
    /// </summary>
    public bool MailsMayRepeat { get; init; }

    /// <param name="around">What is around the hosts, of whose settings are its own.</param>
    /// <param name="hosts">The instances.</param>
    public static Task<FaultTrial> StartAsync(Surroundings around, params AuthHost[] hosts) =>
        StartAsync(around, [.. hosts.Select(host => (Func<Uri?>)(() => host.Address))], hosts, mailsMayRepeat: false);

    /// <param name="around">What is around the instances, of whose settings are its own.</param>
    /// <param name="mailsMayRepeat"><see cref="MailsMayRepeat"/>.</param>
    /// <param name="instances">Where each is; null while it is not to be called.</param>
    public static Task<FaultTrial> StartAsync(Surroundings around, bool mailsMayRepeat, params Func<Uri?>[] instances) =>
        StartAsync(around, instances, [], mailsMayRepeat);

    /// <summary>Calls that are not answered before this moment may fail.</summary>
    public void FaultBegins()
    {
        if (_calms.Count > 0)
            _calms[^1] = _calms[^1] with { Until = Recorder.Now };
    }

    /// <summary>A fault is over at this moment: from now on the calls have to recover.</summary>
    public void FaultIsOver() => _calms.Add((Recorder.Now, TimeSpan.MaxValue));

    /// <summary>The same, and lets the load go on until there is something to judge.</summary>
    public Task RecoverAsync()
    {
        FaultIsOver();
        return WatchAsync();
    }

    /// <summary>Lets the load go on after the last fault until there is something to judge.</summary>
    public Task WatchAsync() => Recovery.WatchAsync(Recorder, _calms[^1].Back);

    /// <summary>Ends the load, judges it and puts the figures into the table.</summary>
    /// <param name="proof">What was tried.</param>
    /// <param name="database">What the calls changed.</param>
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

    /// <summary>Waits until nothing of the load is on its way any more, to mailboxes and receivers: before a copy is made of the database.</summary>
    /// <param name="database">Of the instances; null where it cannot be reached.</param>
    public Task SettleAsync(TestDatabase? database = null) => _deliveries.SettleAsync(database);

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

    private static async Task<FaultTrial> StartAsync(Surroundings around, Func<Uri?>[] instances, AuthHost[] hosts, bool mailsMayRepeat)
    {
        using var http = new HttpClient { BaseAddress = instances[0]() };
        var users = await LoadUsers.CreateAllAsync(http, around, Callers);
        return new FaultTrial(users, await Deliveries.StartAsync(around, users, instances), instances, hosts) { MailsMayRepeat = mailsMayRepeat };
    }

    /// <summary>I9 and I10.</summary>
    /// <returns>How much was told.</returns>
    private string ExpectTold(DatabaseSnapshot snapshot)
    {
        var (told, mails) = (ToldOf.From(_deliveries), new MailChecker(Recorder, _users, snapshot, _deliveries.Mailed));
        Checker.Expect([.. new DeliveryChecker(snapshot, told).FindViolations(), .. mails.FindViolations(MailsMayRepeat)]);
        Checker.Expect([.. _deliveries.Signals.Changed.Select(id => $"I9: the SET {id} came again and told something else")]);
        var (feed, messages) = (told.Reread.Distinct(StringComparer.Ordinal).Count(), told.Messages.Distinct(StringComparer.Ordinal).Count());
        return $"told of {feed:N0} by the feed, {messages:N0} by webhook, {told.Signals.Count:N0} by signal, {_deliveries.Mailed.Count:N0} mails";
    }

    /// <summary>For whoever has to mend it.</summary>
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
