using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>The kind of a call of the load.</summary>
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

    /// <summary>A new session for a person who may have few sessions enabled at a time.</summary>
    Open,

    /// <summary>Access to a product for such a session.</summary>
    Enable,

    /// <summary>The end of such a session.</summary>
    End,

    /// <summary>The password of a person with an authenticator app. The response is a challenge.</summary>
    PasswordStep,

    /// <summary>A code that answers a challenge.</summary>
    Code,

    /// <summary>New recovery codes.</summary>
    RecoveryCodes,

    /// <summary>The options for a passkey.</summary>
    PasskeyOptions,

    /// <summary>A sign-in with a passkey.</summary>
    Passkey,

    /// <summary>A call on the account by a person who changes address and password by mail, in a session of theirs.</summary>
    OwnAccount,

    /// <summary>A request for another address, to which a link is mailed.</summary>
    RequestAddress,

    /// <summary>The use of the link that confirms a new address.</summary>
    ConfirmAddress,

    /// <summary>A request for a link for a new password by mail.</summary>
    RequestReset,

    /// <summary>The use of a link for a new password.</summary>
    ResetPassword,

    /// <summary>The use of the link "It wasn't me" in a notice.</summary>
    NotMe,

    /// <summary>A refresh of a session that was revoked by a change of the account.</summary>
    StaleRefresh,

    /// <summary>A call that gives a token to a person who still has to set up a second factor.</summary>
    Owing,

    /// <summary>A call that such a token must not allow.</summary>
    Overreach,
}

/// <summary>The outcome that the caller learned.</summary>
internal enum Outcome
{
    Ok,

    /// <summary>The call was refused, so nothing was done.</summary>
    Refused,

    /// <summary>There was no response, or 503: the call was carried out or not.</summary>
    Unknown,
}

/// <summary>One call of the load.</summary>
/// <param name="CallKind">The kind of the call.</param>
/// <param name="Subject">
/// The subject of the call: the id of a person or of sessions (separated by spaces), a <c>jti</c>, a key, a name, an address. For a call that may
/// succeed only once, the person and all secrets that must not count again (separated by spaces).
/// </param>
/// <param name="Sent">The time when it was sent, on the recorder's clock.</param>
/// <param name="Answered">The time when the response came or the call was given up.</param>
/// <param name="Status">The status of the response. Null without a response.</param>
/// <param name="Body">The body of the response.</param>
/// <param name="SaysWhenToRetry">Whether the response had a <c>Retry-After</c> header.</param>
internal sealed record Call(CallKind CallKind, string Subject, TimeSpan Sent, TimeSpan Answered, int? Status, string Body, bool SaysWhenToRetry)
{
    public Outcome Outcome => Status switch
    {
        null or 503 => Outcome.Unknown,
        >= 200 and < 300 => Outcome.Ok,
        _ => Outcome.Refused,
    };

    /// <summary>The session that was signed in or opened.</summary>
    public string SessionId => Text("sessionId") ?? Requests.ClaimsOf(Text("accessToken")!).GetProperty("sid").GetString()!;

    public string? Text(string member) =>
        JsonElement.Parse(Body).TryGetProperty(member, out var value) ? value.GetString() : null;

    public override string ToString()
    {
        var answer = Status is { } status ? $"{status}" : "no answer";
        return $"{CallKind} {Subject} at {Sent.TotalSeconds:F2} s: {answer} after {(Answered - Sent).TotalMilliseconds:F0} ms";
    }
}
