using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>Checks I8 and I11: the calls of people who have a second factor, still have to set one up, or change their account by mail.</summary>
internal sealed class FactorChecker(Recorder recorder, LoadUsers users, DatabaseSnapshot snapshot)
{
    /// <summary>The calls that may succeed only once, and their audit events.</summary>
    private static readonly (CallKind Kind, string Event)[] Once =
    [
        (CallKind.Code, "sign_in"), (CallKind.Passkey, "sign_in"), (CallKind.ConfirmAddress, "email_confirmed"),
        (CallKind.ResetPassword, "password_set"), (CallKind.NotMe, "not_me_reported"),
    ];

    /// <summary>The audit events that are allowed for a person who still has to set up a second factor.</summary>
    private static readonly string[] OpenToOwing = ["principal_created", "sign_in", "sign_out", "reauthenticated"];

    private readonly ILookup<CallKind, Call> _calls = recorder.Calls.ToLookup(call => call.CallKind);

    public IEnumerable<string> FindViolations() => [.. WorkingTwice(), .. OnRecordTwice(), .. OpenedByOwing(), .. TokensOfOwing(), .. OnRecordOfOwing()];

    /// <summary>I8: no code, challenge, link or recovery code was accepted twice.</summary>
    private IEnumerable<string> WorkingTwice() =>
        from kind in Once.Select(once => once.Kind)
        from call in _calls[kind]
        where call.Outcome is Outcome.Ok
        from secret in SecretsOf(call)
        group call by (kind, secret) into answers
        where answers.Count() > 1
        select $"I8: {answers.Key.kind} {answers.Key.secret} worked {answers.Count()} times";

    /// <summary>I8, when a response was lost: the audit log has no more successes than secrets of either kind were sent.</summary>
    private IEnumerable<string> OnRecordTwice()
    {
        foreach (var (kind, name) in Once)
        {
            foreach (var calls in _calls[kind].GroupBy(PersonOf, StringComparer.Ordinal))
            {
                var before = name is "sign_in" ? 1 : 0; // the sign-in in which the factor was set up
                var done = snapshot.Done(name).Count(entry => entry.Principal == calls.Key) - before;
                var shown = calls.Select(SecretsOf).ToList();
                var least = Enumerable.Range(0, shown[0].Length).Min(place => shown.Select(secrets => secrets[place]).Distinct(StringComparer.Ordinal).Count());
                if (done > least)
                    yield return $"I8: {done} of {name} by {calls.Key} are on record, for {least} that count once";
            }
        }
    }

    /// <summary>I11: a challenge, and the token of a person who still has to set up a factor, allow nothing else.</summary>
    private IEnumerable<string> OpenedByOwing() =>
        from call in _calls[CallKind.Overreach]
        where call.Outcome is Outcome.Ok
        select $"I11: {call}";

    /// <summary>I11: the password of a person with an app gives no token, and the tokens of a person who still has to set up a factor say so.</summary>
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

    /// <summary>I11, when a response was lost.</summary>
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
