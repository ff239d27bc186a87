namespace AuthService.ApiTests.Faults;

/// <summary>The messages that the receivers of a load got (<see cref="Deliveries"/>).</summary>
/// <param name="Webhook">The id of the webhook.</param>
/// <param name="Messages">The ids of the messages that its receiver got, one for each attempt.</param>
/// <param name="Followed">The sessions that a reader of the feed learned of when it followed the feed on all instances.</param>
/// <param name="Reread">The sessions that a reader learned of when it read the feed on one instance, from the start of the load.</param>
/// <param name="Signals">The SETs that were polled, each once.</param>
internal sealed record ToldOf(
    string Webhook, IReadOnlyList<string> Messages, IReadOnlyList<string> Followed, IReadOnlyList<string> Reread, IReadOnlyList<ToldSignal> Signals)
{
    public static ToldOf From(Deliveries deliveries) => new(
        deliveries.Webhook, [.. deliveries.Received.Select(webhook => webhook.Id)], [.. deliveries.Followed.Sessions], [.. deliveries.Reread.Sessions],
        [.. deliveries.Signals.Told]);
}

/// <summary>
/// Checks I9: feed, webhook and signals report exactly what was committed. A new receiver may also get what was committed just before, once: while a
/// transaction is open anywhere in the database server, the receiver begins where that transaction began.
/// </summary>
internal sealed class DeliveryChecker(DatabaseSnapshot snapshot, ToldOf told)
{
    private const string SessionRevoked = Signals.SignalCalls.SessionRevoked;
    private const string CredentialChange = Signals.SignalCalls.CredentialChange;

    private readonly Entry _begin = snapshot.Done("webhook_created").Single(entry => entry.Detail!.StartsWith(told.Webhook, StringComparison.Ordinal));

    public IEnumerable<string> FindViolations() => [.. Webhooks(), .. Feed(), .. SessionSignals(), .. ChangeSignals()];

    private IEnumerable<EndedRow> Ended => snapshot.Ended.Where(row => row.At > _begin.At && !row.IsByTime);

    private IEnumerable<Entry> Since => Successes.Where(entry => entry.Number > _begin.Number);

    private IEnumerable<Entry> Before => Successes.Where(entry => entry.Number < _begin.Number);

    private IEnumerable<Entry> Successes => snapshot.Entries.Where(entry => !entry.IsRefusal);

    /// <summary>Checks that each audit entry has one message, which contains its number and was sent at least once.</summary>
    private IEnumerable<string> Webhooks()
    {
        var messages = snapshot.Messages.Where(message => message.Webhook == told.Webhook).Select(message => message.Id).ToList();
        return
        [
            .. Compare("messages to the webhook about entry", Told(Since), messages.Select(id => id.Split('_')[1]), Told(Before)),
            .. messages.Except(told.Messages, StringComparer.Ordinal).Select(id => $"I9: the message {id} never came"),
            .. told.Messages.Except(messages, StringComparer.Ordinal).Select(id => $"I9: a message {id} came that there is not"),
        ];

        static IEnumerable<string> Told(IEnumerable<Entry> entries) =>
            entries.Where(entry => Deliveries.Events.Contains(entry.Event, StringComparer.Ordinal)).Select(entry => $"{entry.Number}");
    }

    /// <summary>Checks the feed. Sessions that ended before the load may appear too.</summary>
    private IEnumerable<string> Feed()
    {
        var (expected, all) = (Ended.Select(row => row.Id).ToList(), snapshot.Ended.Select(row => row.Id).ToHashSet(StringComparer.Ordinal));
        var since = expected.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Compare("entries of the feed about session", expected, told.Reread.Where(id => since.Contains(id) || !all.Contains(id))),
            .. expected.Except(told.Followed, StringComparer.Ordinal).Select(id => $"I9: who followed the feed never heard of session {id}"),
            .. told.Followed.Where(id => !all.Contains(id)).Select(id => $"I9: who followed the feed heard of session {id}, which has not ended"),
        ];
    }

    /// <summary>
    /// Checks the signals about sessions that were signed out or revoked by themselves or with a few others. A changed password has a signal about
    /// its person.
    /// </summary>
    private IEnumerable<string> SessionSignals() => Compare(
        "signals of session", Ended.Where(row => row.IsOnRecord).Select(row => row.Id),
        told.Signals.Where(signal => signal is { Event: SessionRevoked, Session: not null }).Select(signal => signal.Session!),
        snapshot.Ended.Where(row => row.At <= _begin.At).Select(row => row.Id));

    private IEnumerable<string> ChangeSignals()
    {
        return Compare(
            "signals of", Changes(Since),
            told.Signals.Where(signal => signal is { Event: CredentialChange, Cause: "password_set" or "recovery_codes_replaced" })
                .Select(signal => $"{signal.Cause} of {signal.User}"),
            Changes(Before));

        static IEnumerable<string> Changes(IEnumerable<Entry> entries) =>
            entries.Where(entry => entry.Event is "password_set" or "recovery_codes_replaced").Select(entry => $"{entry.Event} of {entry.Principal}");
    }

    /// <param name="what">The kind of message, for the text of a violation.</param>
    /// <param name="expected">The expected messages, with repetitions.</param>
    /// <param name="found">The messages that were found.</param>
    /// <param name="mayCome">The messages that are also allowed, with repetitions.</param>
    private static IEnumerable<string> Compare(
        string what, IEnumerable<string> expected, IEnumerable<string> found, IEnumerable<string>? mayCome = null)
    {
        var (due, there, more) = (Count(expected), Count(found), Count(mayCome ?? []));
        return due.Keys.Union(there.Keys, StringComparer.Ordinal)
            .Select(key => (Key: key, Due: due.GetValueOrDefault(key), There: there.GetValueOrDefault(key), More: more.GetValueOrDefault(key)))
            .Where(count => count.There < count.Due || count.There > count.Due + count.More)
            .Select(count => $"I9: {count.There} {what} {count.Key}, not {count.Due}");
    }

    private static Dictionary<string, int> Count(IEnumerable<string> keys) =>
        keys.CountBy(key => key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
}
