using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>What a call of the load asks for.</summary>
internal enum CallKind
{
    SignIn,

    /// <summary>A sign-in with a wrong password, for a name that nobody has.</summary>
    Guess,
    Refresh,

    /// <summary>A call with the access token of a session.</summary>
    Use,
    SignOut,
    BulkInvalidate,
    Claim,

    /// <summary>An idempotent POST to /api/v1/app.</summary>
    CreateApplication,

    /// <summary>A session for a person who may have few of them enabled at a time.</summary>
    Open,

    /// <summary>Access to a product for such a session.</summary>
    Enable,

    /// <summary>The end of such a session.</summary>
    End,

    /// <summary>The password of somebody with an authenticator app, which is answered with a challenge.</summary>
    PasswordStep,

    /// <summary>A code that answers a challenge.</summary>
    Code,

    /// <summary>New recovery codes.</summary>
    RecoveryCodes,

    /// <summary>The options for a passkey.</summary>
    PasskeyOptions,

    /// <summary>A sign-in with a passkey.</summary>
    Passkey,

    /// <summary>Whatever somebody who changes address and password by mail does in a session of theirs.</summary>
    OwnAccount,

    /// <summary>Another address, to which a link is mailed.</summary>
    AskForAddress,

    /// <summary>The link to a new address.</summary>
    ConfirmAddress,

    /// <summary>A link for a new password, by mail.</summary>
    AskForReset,

    /// <summary>That link.</summary>
    ResetPassword,

    /// <summary>"It wasn't me": the link of a notice.</summary>
    NotMe,

    /// <summary>A refresh of a session that a change of the account has ended.</summary>
    StaleRefresh,

    /// <summary>What gives a token to somebody who owes a second factor.</summary>
    Owing,

    /// <summary>What such a token must not open.</summary>
    Overreach,
}

/// <summary>What the caller learned.</summary>
internal enum Outcome
{
    Ok,

    /// <summary>A verdict: it was not done.</summary>
    Refused,

    /// <summary>No answer, or 503: it was done or not.</summary>
    Unknown,
}

/// <summary>One call of the load.</summary>
/// <param name="CallKind">What it asks for.</param>
/// <param name="Subject">
/// Whom it is about: the id of a person or of sessions (separated by spaces), a <c>jti</c>, a key, a name, an address; of what counts once the person and
/// all that must not count again (separated by spaces).
/// </param>
/// <param name="Sent">When, on the recorder's clock.</param>
/// <param name="Answered">When it was answered or given up.</param>
/// <param name="Status">Of the answer; null without one.</param>
/// <param name="Body">Of the answer.</param>
/// <param name="SaysWhenToRetry">Whether there was a <c>Retry-After</c>.</param>
internal sealed record Call(CallKind CallKind, string Subject, TimeSpan Sent, TimeSpan Answered, int? Status, string Body, bool SaysWhenToRetry)
{
    public Outcome Outcome => Status switch
    {
        null or 503 => Outcome.Unknown,
        >= 200 and < 300 => Outcome.Ok,
        _ => Outcome.Refused,
    };

    /// <summary>The one session that was signed in or opened.</summary>
    public string SessionId => Text("sessionId") ?? Requests.ClaimsOf(Text("accessToken")!).GetProperty("sid").GetString()!;

    public string? Text(string member) =>
        JsonElement.Parse(Body).TryGetProperty(member, out var value) ? value.GetString() : null;

    public override string ToString()
    {
        var answer = Status is { } status ? $"{status}" : "no answer";
        return $"{CallKind} {Subject} at {Sent.TotalSeconds:F2} s: {answer} after {(Answered - Sent).TotalMilliseconds:F0} ms";
    }
}
