using AuthService.ApiTests.Hosting;
using Xunit.Sdk;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// Judges afterwards what a load was told against what there is: I1 to I7 of "Nothing lost". Each rule gives the violations
/// that it finds, in words.
/// </summary>
internal sealed class Checker(Recorder recorder, Crowd crowd, Books books)
{
    private readonly ILookup<Deed, Call> _calls = recorder.Calls.ToLookup(call => call.Deed);

    /// <summary>When the end of each session was first acknowledged; that it is unknown says the same.</summary>
    private Dictionary<string, TimeSpan> Ended => _calls[Deed.SignOut].Concat(_calls[Deed.BulkInvalidate])
        .Where(call => call.Outcome is Outcome.Ok || call is { Deed: Deed.SignOut, Status: 401 })
        .SelectMany(call => call.Subject.Split(' ').Select(id => (Id: id, call.Answered)))
        .GroupBy(end => end.Id, StringComparer.Ordinal)
        .ToDictionary(ends => ends.Key, ends => ends.Min(end => end.Answered), StringComparer.Ordinal);

    /// <summary>Fails, with the seed, unless all that holds at any time holds on these instances.</summary>
    public static async Task ExpectNoViolationAsync(Recorder recorder, Crowd crowd, TestDatabase database, params Uri[] instances)
    {
        var books = await Books.ReadAsync(database);
        var checker = new Checker(recorder, crowd, books);
        Expect([.. checker.FindViolations(), .. await checker.FindLiarsAsync(instances)]);
    }

    /// <summary>Of all that can be judged from what was noted and what is written.</summary>
    public IReadOnlyList<string> FindViolations() =>
    [
        .. RevocationsHold(), .. ClaimsAreSingle(), .. LimitsAreExact(), .. DeedsAreOnRecord(), .. books.FindHalves(), .. RefusalsAreClean(),
    ];

    public static void Expect(IReadOnlyCollection<string> violations)
    {
        if (violations.Count > 0)
            throw new XunitException($"{violations.Count} violations, seed {Effort.Seed}:\n{string.Join('\n', violations.Take(20))}");
    }

    /// <summary>I1: what was acknowledged as ended gives no token to a call that begins later.</summary>
    private IEnumerable<string> RevocationsHold()
    {
        var ended = Ended;
        return from call in _calls[Deed.Refresh]
               where call.Outcome is Outcome.Ok && ended.TryGetValue(call.Subject, out var end) && call.Sent > end
               select $"I1: ended at {ended[call.Subject].TotalSeconds:F2} s, and yet {call}";
    }

    /// <summary>I2: one claim of a jti at most, and an acknowledged one has its row.</summary>
    private IEnumerable<string> ClaimsAreSingle() =>
        from calls in _calls[Deed.Claim].GroupBy(call => call.Subject, StringComparer.Ordinal)
        where calls.Count(call => call.Outcome is Outcome.Ok) > 1
        select $"I2: {calls.Key} was claimed {calls.Count(call => call.Outcome is Outcome.Ok)} times";

    /// <summary>I3: lockout counts, concurrent access and idempotency keys, over all instances.</summary>
    private IEnumerable<string> LimitsAreExact()
    {
        foreach (var guesses in _calls[Deed.Guess].GroupBy(call => call.Subject, StringComparer.Ordinal))
        {
            if (guesses.Count(guess => guess.Status == 401) is > 5 and var judged)
                yield return $"I3: {judged} guesses at {guesses.Key} were judged";
        }

        foreach (var creations in _calls[Deed.CreateApplication].GroupBy(call => call.Subject, StringComparer.Ordinal))
        {
            var ids = creations.Where(call => call.Outcome is Outcome.Ok).Select(call => call.Text("id")!).ToHashSet(StringComparer.Ordinal);
            var made = books.Applications.Where(application => application.Name == creations.Key).Select(application => application.Id).ToList();
            if (made.Count > 1 || !ids.IsSubsetOf(made))
                yield return $"I3: {creations.Key} made {string.Join(' ', made)} and answered {string.Join(' ', ids)}";
        }

        var ends = _calls[Deed.End].ToLookup(call => call.Subject, StringComparer.Ordinal);
        var spans = _calls[Deed.Enable].Where(call => call.Outcome is Outcome.Ok)
            .Select(call => (From: call.Answered, To: ends[call.Subject].Select(end => end.Sent).DefaultIfEmpty(TimeSpan.MaxValue).Min())).ToList();
        var most = spans.Select(span => spans.Count(other => other.From <= span.From && span.From < other.To)).DefaultIfEmpty().Max();
        if (most > Crowd.Limit || books.Enabled > Crowd.Limit)
            yield return $"I3: {most} sessions were enabled at a time, {books.Enabled} in the end; {Crowd.Limit} may be";
    }

    /// <summary>I4: one row for each acknowledged deed, and none for what nobody tried.</summary>
    private IEnumerable<string> DeedsAreOnRecord() =>
    [
        .. OnRecord(Deed.SignIn, "sign_in", call => call.SessionId, entry => entry.SessionId),
        .. OnRecord(Deed.Open, "session_opened", call => call.SessionId, entry => entry.SessionId),
        .. OnRecord(Deed.SignOut, "sign_out", call => call.Subject, entry => entry.SessionId),
        .. OnRecord(Deed.Claim, "one_time_token_claimed", call => call.Subject, entry => entry.Detail),
        .. OnRecord(Deed.CreateApplication, "application_created", call => call.Text("id"), entry => entry.Detail),
        .. OnRecord(Deed.End, "session_revoked", call => call.Subject, entry => entry.SessionId),
        .. CountIsRight(Deed.BulkInvalidate, Ours("session_revoked").Count(entry => entry.SessionId is null)),
        .. CountIsRight(Deed.Enable, Ours("product_access_granted").Count()),
    ];

    /// <summary>I6: 503 with Retry-After is all that a caller sees of a fault, without a word of what is inside.</summary>
    private IEnumerable<string> RefusalsAreClean() =>
        from call in recorder.Calls
        where call.Status is >= 500 and not 503 || call is { Status: 503, SaysWhenToRetry: false } || (call.Status >= 400 && Leaks.Find(call.Body) is not null)
        select $"I6: {call}: {call.Body}";

    /// <summary>Asks the instances now: what was ended is dead, what nobody ended is alive.</summary>
    private async Task<IReadOnlyList<string>> FindLiarsAsync(Uri[] instances)
    {
        var ended = Ended;
        var tried = _calls[Deed.SignOut].Concat(_calls[Deed.BulkInvalidate]).SelectMany(call => call.Subject.Split(' ')).ToHashSet(StringComparer.Ordinal);
        using var http = new HttpClient();
        var liars = new List<string>();
        foreach (var (i, (id, token)) in crowd.Sessions.Index())
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(instances[i % instances.Length], "/auth/refresh"));
            request.Headers.Authorization = new("Bearer", token);
            using var response = await http.SendAsync(request);
            if (ended.ContainsKey(id) && response.IsSuccessStatusCode)
                liars.Add($"I1: session {id} was acknowledged as ended and is alive");
            if (!tried.Contains(id) && !response.IsSuccessStatusCode)
                liars.Add($"Lost: the sign-in {id} was acknowledged, nobody ended it, and it is dead: {response.StatusCode}");
        }

        return liars;
    }

    private IEnumerable<Entry> Ours(string name) => books.Done(name).Where(entry => entry.Actor == crowd.Service.Id);

    private IEnumerable<string> OnRecord(Deed deed, string name, Func<Call, string?> subjectOf, Func<Entry, string?> subjectIn)
    {
        var rows = books.Done(name).Select(subjectIn).OfType<string>().CountBy(subject => subject, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var doubled = rows.Where(row => row.Value > 1).Select(row => $"I4: {row.Value} rows of {name} about {row.Key}");
        var missing = _calls[deed].Where(call => call.Outcome is Outcome.Ok && !rows.ContainsKey(subjectOf(call)!))
            .Select(call => $"I4: no row of {name} for {call}");
        return doubled.Concat(missing);
    }

    private IEnumerable<string> CountIsRight(Deed deed, int rows)
    {
        var (done, unknown) = (_calls[deed].Count(call => call.Outcome is Outcome.Ok), _calls[deed].Count(call => call.Outcome is Outcome.Unknown));
        if (rows < done || rows > done + unknown)
            yield return $"I4: {rows} rows for {done} acknowledged and {unknown} unknown calls of {deed}";
    }
}
