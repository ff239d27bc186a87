using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit.Sdk;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// Compares after a load what its callers were told with what the database contains: the rules I1 to I6, I8 and I11 of
/// tests/README.md. Each rule returns its violations in words.
/// </summary>
internal sealed class Checker(Recorder recorder, LoadUsers users, DatabaseSnapshot snapshot)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ILookup<CallKind, Call> _calls = recorder.Calls.ToLookup(call => call.CallKind);

    /// <summary>The time when the end of each session was first acknowledged. A response that the session is unknown also acknowledges it.</summary>
    private Dictionary<string, TimeSpan> Ended => _calls[CallKind.SignOut].Concat(_calls[CallKind.BulkInvalidate])
        .Where(call => call.Outcome is Outcome.Ok || call is { CallKind: CallKind.SignOut, Status: 401 })
        .SelectMany(call => call.Subject.Split(' ').Select(id => (Id: id, call.Answered)))
        .GroupBy(end => end.Id, StringComparer.Ordinal)
        .ToDictionary(ends => ends.Key, ends => ends.Min(end => end.Answered), StringComparer.Ordinal);

    /// <summary>Gets the locks before a guess. Five guesses are checked, and five more after each lock: of 5 s, 25 s, 125 s.</summary>
    private static TimeSpan LocksBefore(int guess) => TimeSpan.FromSeconds(Enumerable.Range(1, guess / 5).Sum(severity => Math.Pow(5, severity)));

    /// <summary>Fails, and shows the seed, if a rule that always holds is violated on these instances.</summary>
    public static async Task ExpectNoViolationAsync(Recorder recorder, LoadUsers users, DatabaseSnapshot snapshot, params Uri[] instances)
    {
        var checker = new Checker(recorder, users, snapshot);
        Expect([.. checker.FindViolations(), .. await checker.FindLiarsAsync(instances)]);
    }

    /// <summary>Finds the violations that the recorded calls and the database show.</summary>
    public IReadOnlyList<string> FindViolations() =>
    [
        .. RevocationsHold(), .. ClaimsAreSingle(), .. LimitsAreExact(), .. AuditEntryCases(), .. snapshot.FindHalves(), .. RefusalsAreClean(),
        .. new FactorChecker(recorder, users, snapshot).FindViolations(),
    ];

    /// <summary>Fails if there are violations. The first stands in the first line of the message, which is all that tests/run.sh prints.</summary>
    public static void Expect(IReadOnlyCollection<string> violations)
    {
        if (violations.Count > 0)
            throw new XunitException($"{violations.Count} violations, seed {Effort.Seed}: {string.Join('\n', violations.Take(20))}");
    }

    /// <summary>I1: a session that was acknowledged as ended gives no token to a later call, and allows it nothing.</summary>
    private IEnumerable<string> RevocationsHold()
    {
        var ended = Ended;
        return
        [
            .. from call in _calls[CallKind.Refresh].Concat(_calls[CallKind.Use])
               where call.Outcome is Outcome.Ok && ended.TryGetValue(call.Subject, out var end) && call.Sent > end
               select $"I1: ended at {ended[call.Subject].TotalSeconds:F2} s, and yet {call}",
            .. from call in _calls[CallKind.StaleRefresh]
               where call.Outcome is Outcome.Ok
               select $"I1: ended with the password, and yet {call}",
        ];
    }

    /// <summary>I2: at most one claim of a jti is acknowledged.</summary>
    private IEnumerable<string> ClaimsAreSingle() =>
        from calls in _calls[CallKind.Claim].GroupBy(call => call.Subject, StringComparer.Ordinal)
        where calls.Count(call => call.Outcome is Outcome.Ok) > 1
        select $"I2: {calls.Key} was claimed {calls.Count(call => call.Outcome is Outcome.Ok)} times";

    /// <summary>I3: lockout counts, concurrent access and idempotency keys, over all instances.</summary>
    private IEnumerable<string> LimitsAreExact()
    {
        foreach (var guesses in _calls[CallKind.Guess].GroupBy(call => call.Subject, StringComparer.Ordinal))
        {
            var first = guesses.Min(guess => guess.Sent);
            var judged = guesses.Where(guess => guess.Status == 401).Select(guess => guess.Answered - first).Order().ToArray();
            if (judged.Index().Any(guess => guess.Item < LocksBefore(guess.Index)))
                yield return $"I3: {judged.Length} guesses at {guesses.Key} were judged, after {string.Join(' ', judged)}";
        }

        foreach (var creations in _calls[CallKind.CreateApplication].GroupBy(call => call.Subject, StringComparer.Ordinal))
        {
            var ids = creations.Where(call => call.Outcome is Outcome.Ok).Select(call => call.Text("id")!).ToHashSet(StringComparer.Ordinal);
            var made = snapshot.Applications.Where(application => application.Name == creations.Key).Select(application => application.Id).ToList();
            if (made.Count > 1 || !ids.IsSubsetOf(made))
                yield return $"I3: {creations.Key} made {string.Join(' ', made)} and answered {string.Join(' ', ids)}";
        }

        var ends = _calls[CallKind.End].ToLookup(call => call.Subject, StringComparer.Ordinal);
        var spans = _calls[CallKind.Enable].Where(call => call.Outcome is Outcome.Ok)
            .Select(call => (From: call.Answered, To: ends[call.Subject].Select(end => end.Sent).DefaultIfEmpty(TimeSpan.MaxValue).Min())).ToList();
        var most = spans.Select(span => spans.Count(other => other.From <= span.From && span.From < other.To)).DefaultIfEmpty().Max();
        if (most > LoadUsers.Limit || snapshot.Enabled > LoadUsers.Limit)
            yield return $"I3: {most} sessions were enabled at a time, {snapshot.Enabled} in the end; {LoadUsers.Limit} may be";
    }

    /// <summary>I4: each acknowledged action has one audit entry, and an action that no caller tried has none.</summary>
    private IEnumerable<string> AuditEntryCases() =>
    [
        .. OnRecord(CallKind.SignIn, "sign_in", call => call.SessionId, entry => entry.SessionId),
        .. OnRecord(CallKind.Open, "session_opened", call => call.SessionId, entry => entry.SessionId),
        .. OnRecord(CallKind.SignOut, "sign_out", call => call.Subject, entry => entry.SessionId),
        .. OnRecord(CallKind.Claim, "one_time_token_claimed", call => call.Subject, entry => entry.Detail),
        .. OnRecord(CallKind.CreateApplication, "application_created", call => call.Text("id"), entry => entry.Detail),
        .. OnRecord(CallKind.End, "session_revoked", call => call.Subject, entry => entry.SessionId),
        .. CountIsRight(CallKind.BulkInvalidate, Ours("session_revoked").Count(entry => entry.SessionId is null)),
        .. CountIsRight(CallKind.Enable, Ours("product_access_granted").Count()),
    ];

    /// <summary>I6: during a fault a caller sees only 503 with Retry-After, and no internal details.</summary>
    private IEnumerable<string> RefusalsAreClean() =>
        from call in recorder.Calls
        where call.Status is >= 500 and not 503 || call is { Status: 503, SaysWhenToRetry: false } || (call.Status >= 400 && Leaks.Find(call.Body) is not null)
        select $"I6: {call}: {call.Body}";

    /// <summary>Calls the instances now: a revoked token must be refused, and a token that was not revoked must be accepted.</summary>
    private async Task<IReadOnlyList<string>> FindLiarsAsync(Uri[] instances)
    {
        var ended = Ended;
        var tried = _calls[CallKind.SignOut].Concat(_calls[CallKind.BulkInvalidate])
            .SelectMany(call => call.Subject.Split(' ')).ToHashSet(StringComparer.Ordinal);
        using var http = new HttpClient();
        var liars = new List<string>();
        foreach (var (i, (id, tokens)) in users.Sessions.Index())
        {
            var instance = instances[i % instances.Length];
            var refreshed = await AnswerAsync(http, HttpMethod.Post, new Uri(instance, "/auth/refresh"), tokens.Refresh);
            var used = await AnswerAsync(http, HttpMethod.Get, new Uri(instance, InstanceCalls.Use), tokens.Access);
            foreach (var (kind, status) in new[] { ("a refresh token", refreshed), ("an access token", used) })
            {
                if (ended.ContainsKey(id) && status is HttpStatusCode.OK)
                    liars.Add($"I1: {kind} of session {id} was acknowledged as revoked and is accepted");
            }

            if (tried.Contains(id))
                continue;
            if (refreshed is not HttpStatusCode.OK)
                liars.Add($"Lost: the sign-in {id} was acknowledged, nobody revoked it, and it is refused: {refreshed}");
            if (used is not HttpStatusCode.OK && !IsNearItsEnd(tokens.Access))
                liars.Add($"Lost: nobody revoked session {id}, and its access token is refused: {used}");
        }

        return liars;
    }

    /// <summary>Gets the status of a call. It is repeated after a 503, which says nothing about the session.</summary>
    private static async Task<HttpStatusCode> AnswerAsync(HttpClient http, HttpMethod method, Uri address, string token)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            using var answer = await http.SendAsync(method, address.AbsoluteUri, token);
            if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable || waited.Elapsed > Patience)
                return answer.StatusCode;
        }
    }

    /// <summary>Returns whether the token expires soon. The clock of an instance may be ahead by a few minutes.</summary>
    private static bool IsNearItsEnd(string accessToken) =>
        Requests.ClaimsOf(accessToken).GetProperty("exp").GetInt64() < TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();

    private IEnumerable<Entry> Ours(string name) => snapshot.Done(name).Where(entry => entry.Actor == users.Service.Id);

    private IEnumerable<string> OnRecord(CallKind kind, string name, Func<Call, string?> subjectOf, Func<Entry, string?> subjectIn)
    {
        var rows = snapshot.Done(name).Select(subjectIn).OfType<string>().CountBy(subject => subject, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        var doubled = rows.Where(row => row.Value > 1).Select(row => $"I4: {row.Value} rows of {name} about {row.Key}");
        var missing = _calls[kind].Where(call => call.Outcome is Outcome.Ok && !rows.ContainsKey(subjectOf(call)!))
            .Select(call => $"I4: no row of {name} for {call}");
        return doubled.Concat(missing);
    }

    private IEnumerable<string> CountIsRight(CallKind kind, int rows)
    {
        var (done, unknown) = (_calls[kind].Count(call => call.Outcome is Outcome.Ok), _calls[kind].Count(call => call.Outcome is Outcome.Unknown));
        if (rows < done || rows > done + unknown)
            yield return $"I4: {rows} rows for {done} acknowledged and {unknown} unknown calls of {kind}";
    }
}
