using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>Judges what people of a load did who have more than a password, or owe it, or change it by mail: I8 and I11.</summary>
internal sealed class FactorChecker(Recorder recorder, LoadUsers users, DatabaseSnapshot snapshot)
{
    /// <summary>What counts once, and what is then on record.</summary>
    private static readonly (CallKind Kind, string Event)[] Once =
    [
        (CallKind.Code, "sign_in"), (CallKind.Passkey, "sign_in"), (CallKind.ConfirmAddress, "email_confirmed"),
        (CallKind.ResetPassword, "password_set"), (CallKind.NotMe, "not_me_reported"),
    ];

    /// <summary>What whoever owes a second factor may do.</summary>
    private static readonly string[] OpenToOwing = ["principal_created", "sign_in", "sign_out", "reauthenticated"];

    private readonly ILookup<CallKind, Call> _calls = recorder.Calls.ToLookup(call => call.CallKind);

    public IEnumerable<string> FindViolations() => [.. WorkingTwice(), .. OnRecordTwice(), .. OpenedByOwing(), .. TokensOfOwing(), .. OnRecordOfOwing()];

    /// <summary>I8: no code, challenge, link or recovery code was answered as right twice.</summary>
    private IEnumerable<string> WorkingTwice() =>
        from kind in Once.Select(once => once.Kind)
        from call in _calls[kind]
        where call.Outcome is Outcome.Ok
        from secret in SecretsOf(call)
        group call by (kind, secret) into answers
        where answers.Count() > 1
        select $"I8: {answers.Key.kind} {answers.Key.secret} worked {answers.Count()} times";

    /// <summary>I8, where an answer was lost: there are no more successes on record than secrets were shown, of either kind.</summary>
    private IEnumerable<string> OnRecordTwice()
    {
        foreach (var (kind, name) in Once)
        {
            foreach (var calls in _calls[kind].GroupBy(PersonOf, StringComparer.Ordinal))
            {
                var before = name is "sign_in" ? 1 : 0; // in which the factor was set up
                var done = snapshot.Done(name).Count(entry => entry.Principal == calls.Key) - before;
                var shown = calls.Select(SecretsOf).ToList();
                var least = Enumerable.Range(0, shown[0].Length).Min(place => shown.Select(secrets => secrets[place]).Distinct(StringComparer.Ordinal).Count());
                if (done > least)
                    yield return $"I8: {done} of {name} by {calls.Key} are on record, for {least} that count once";
            }
        }
    }

    /// <summary>I11: a challenge and the token of whoever owes a factor open nothing else.</summary>
    private IEnumerable<string> OpenedByOwing() =>
        from call in _calls[CallKind.Overreach]
        where call.Outcome is Outcome.Ok
        select $"I11: {call}";

    /// <summary>I11: the password of somebody with an app gives no token, and whoever owes a factor has tokens that say so.</summary>
    private IEnumerable<string> TokensOfOwing() =>
    [
        .. from call in _calls[CallKind.PasswordStep]
           where call.Outcome is Outcome.Ok && (call.Text("2fa") is null || call.Text("accessToken") is not null)
           select $"I11: {call} without a code",
        .. from call in _calls[CallKind.Owing]
           where call.Outcome is Outcome.Ok && (call.Text("accessToken") ?? call.Text("access_token")) is var token
               && (token is null || Requests.ClaimsOf(token).GetProperty("twoFactorAuthentication").GetBoolean())
           select $"I11: {call} with another token than for the set-up",
    ];

    /// <summary>I11, where an answer was lost.</summary>
    private IEnumerable<string> OnRecordOfOwing()
    {
        var owing = users.Owing.Select(person => person.Id).ToHashSet(StringComparer.Ordinal);
        return from entry in snapshot.Entries
               where !entry.IsRefusal && (owing.Contains(entry.Principal ?? "") || owing.Contains(entry.Actor ?? "")) && !OpenToOwing.Contains(entry.Event)
               select $"I11: {entry.Event} is on record of {entry.Principal ?? entry.Actor}";
    }

    private static string PersonOf(Call call) => call.Subject.Split(' ')[0];

    private static string[] SecretsOf(Call call) => call.Subject.Split(' ')[1..];
}
