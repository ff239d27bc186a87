using System.ComponentModel;
using System.Reflection;
using System.Text.Json;

namespace AuthService.Refusals;

/// <summary>
/// The reason of a refusal: the rule that failed, with a text. It is written to the log and shown to administrators. The caller only gets the error, which
/// several reasons share.
/// </summary>
internal enum RefusalReason
{
    [Description("No credential was sent where one is needed")]
    NoCredential,

    [Description("Nobody has this refresh token or key: it was never given out, was revoked, or has expired and perhaps been deleted")]
    UnknownToken,

    [Description("The id and the secret of a client are not those of a service and of one of its API keys")]
    WrongClient,

    [Description("The refresh token is of a session that ended within a week")]
    SessionEnded,

    [Description("It is no access token, or one of another issuer, or it has expired")]
    InvalidToken,

    [Description("The access token was revoked by itself")]
    TokenRevoked,

    [Description("The API key that the access token was issued for was revoked or has expired")]
    ApiKeyRevoked,

    [Description("A one-time token was sent where none is taken")]
    OneTimeToken,

    [Description("The one-time token was used before")]
    AlreadyClaimed,

    [Description("The refresh token came as bearer and belongs in the cookie, or the other way round")]
    WrongMode,

    [Description("There is no such session: there never was, or it was revoked")]
    UnknownSession,

    [Description("The session was opened and has not been enabled")]
    SessionNew,

    [Description("The session was not used for longer than its idle time-out")]
    SessionSuspended,

    [Description("The session has reached its end, which nothing moves")]
    SessionExpired,

    [Description("The session was changed or revoked while the call was made")]
    SessionChanged,

    [Description("The token speaks for somebody as whom its session does not act, or no longer")]
    IdentityChanged,

    [Description("Nobody has this name or id")]
    UnknownPrincipal,

    [Description("A service or provider has no password")]
    NoPerson,

    [Description("The principal is disabled")]
    PrincipalDisabled,

    [Description("The principal is deleted")]
    PrincipalDeleted,

    [Description("What revokes earlier sign-ins has changed since: the password, the role, the second factors or the refresh token of a service")]
    PrincipalChanged,

    [Description("The administrator who impersonates was disabled, deleted or changed, or has the right no longer")]
    ImpersonatorChanged,

    [Description("A service that narrowed the token or the session is disabled or deleted")]
    ExtenderRevoked,

    [Description("The caller was disabled, changed or signed out while the call waited")]
    CallerRevoked,

    [Description("The caller's role, or what is left of it in a narrowed token, does not allow the operation")]
    RoleNotAllowed,

    [Description("The person has not proved who they are for too long, or not in a session of their own")]
    ProofTooOld,

    [Description("The person has a second factor and did not use it in this session")]
    SecondFactorNotUsed,

    [Description("The password is wrong")]
    WrongPassword,

    [Description("The password was right, and is good for setting a new one alone")]
    PasswordResetRequested,

    [Description("What was shown is right, and a second factor is still owed")]
    SecondFactorOwed,

    [Description("The code is not the one of this moment, was used before, or belongs to no challenge")]
    WrongCode,

    [Description("What a passkey signed is not the challenge, not for this site, or was answered before; or nobody has the passkey")]
    WrongPasskey,

    [Description("After too many wrong codes none is judged for a while")]
    SecondFactorClosed,

    [Description("The person signs in with an identity provider and has no password")]
    NoPassword,

    [Description("What came back from the identity provider is not the answer to what was asked, or does not hold")]
    WrongProviderAnswer,

    [Description("The identity provider does not answer, or not over a connection that holds")]
    ProviderUnreachable,

    [Description("Nobody here belongs to this identity of the provider, and nobody is made for it")]
    IdentityNotLinked,

    [Description("Somebody else here belongs to this identity of the provider")]
    IdentityTaken,

    [Description("Somebody here has the e-mail address that the identity provider told, and does not belong to the identity")]
    AddressTaken,

    [Description("The name is locked after too many wrong passwords")]
    NameLocked,

    [Description("A page of an origin that is not trusted made the call")]
    UntrustedOrigin,

    [Description("The CSRF token does not belong to the cookie")]
    WrongCsrfToken,

    [Description("So many calls were made that the budget is used up")]
    BudgetUsedUp,

    [Description("The scope is never given to anybody")]
    ScopeReserved,

    [Description("The service's policy does not allow the scope")]
    ScopeNotInPolicy,

    [Description("The token does not hold the scope")]
    ScopeNotCovered,

    [Description("With so many scopes the token would be longer than any that this service accepts")]
    TokenTooLong,

    [Description("The session impersonates somebody, where that is not allowed or a second time")]
    Impersonated,

    [Description("The token has no session, so that no session of its own is made from it")]
    WithoutSession,

    [Description("The session impersonates nobody")]
    NotImpersonated,

    [Description("The session's user is no administrator, or has not the right to impersonate")]
    MayNotImpersonate,

    [Description("The caller is neither the session's administrator nor the service that opened the session")]
    CallerMayNotImpersonate,

    [Description("The session was made by a service, which never impersonates")]
    SessionDelegated,

    [Description("The other is an administrator, as whom nobody acts")]
    TargetIsAdministrator,

    [Description("The user as whom the session is to act is disabled")]
    TargetDisabled,

    [Description("Nobody configured a product of this name")]
    UnknownProduct,

    [Description("The person uses the product in as many sessions as they may")]
    LimitReached,
}

internal static class RefusalReasons
{
    /// <summary>The texts in the order of the enum's values, which have no gaps.</summary>
    private static readonly Text[] Texts = Array.ConvertAll(Enum.GetValues<RefusalReason>(), Describe);

    private static readonly Dictionary<string, string> WordsOfCodes = Texts.ToDictionary(text => text.Code, text => text.Words, StringComparer.Ordinal);

    /// <summary>Returns the code that metrics, rows and responses contain, such as <c>SESSION_SUSPENDED</c>.</summary>
    public static string ToCode(this RefusalReason reason) => Texts[(int)reason].Code;

    /// <summary>Returns the text of the rule that failed.</summary>
    public static string ToWords(this RefusalReason reason) => Texts[(int)reason].Words;

    /// <returns>The text of a reason's code; null for the code of an error that is not a reason.</returns>
    public static string? FindWords(string code) => WordsOfCodes.GetValueOrDefault(code);

    private static Text Describe(RefusalReason reason) => new(
        JsonNamingPolicy.SnakeCaseUpper.ConvertName(reason.ToString()),
        typeof(RefusalReason).GetField(reason.ToString())!.GetCustomAttribute<DescriptionAttribute>()!.Description);

    private sealed record Text(string Code, string Words);
}
