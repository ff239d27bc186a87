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
    [Description("The call needs a credential and has none")]
    NoCredential,

    [Description("The refresh token or key is unknown: it was never issued, was revoked, or expired and was deleted")]
    UnknownToken,

    [Description("The client id and secret are not those of a service and one of its API keys")]
    WrongClient,

    [Description("The session of the refresh token ended less than a week ago")]
    SessionEnded,

    [Description("The token is not an access token, is from another issuer, or has expired")]
    InvalidToken,

    [Description("The access token itself was revoked")]
    TokenRevoked,

    [Description("The API key that the access token was issued for was revoked or has expired")]
    ApiKeyRevoked,

    [Description("One-time tokens are not accepted here")]
    OneTimeToken,

    [Description("The one-time token was used before")]
    AlreadyClaimed,

    [Description("The refresh token was sent as bearer but belongs in the cookie, or the other way round")]
    WrongMode,

    [Description("There is no such session: it never existed, or it was revoked")]
    UnknownSession,

    [Description("The session was opened but not enabled")]
    SessionNew,

    [Description("The session was idle for longer than its idle timeout")]
    SessionSuspended,

    [Description("The session has reached the end of its lifetime, which cannot be extended")]
    SessionExpired,

    [Description("The session was changed or revoked during the call")]
    SessionChanged,

    [Description("The session does not, or no longer, act as the token's subject")]
    IdentityChanged,

    [Description("There is no principal with this name or id")]
    UnknownPrincipal,

    [Description("The principal is a service or a provider, which has no password")]
    NoPerson,

    [Description("The principal is disabled")]
    PrincipalDisabled,

    [Description("The principal is deleted")]
    PrincipalDeleted,

    [Description("The principal has changed since the token was issued: password, role, second factors or, for a service, the refresh token")]
    PrincipalChanged,

    [Description("The administrator who impersonates was disabled, deleted or changed, or has lost the right")]
    ImpersonatorChanged,

    [Description("A service that narrowed the token or the session is disabled or deleted")]
    ExtenderRevoked,

    [Description("The caller was disabled, changed or signed out while the call waited")]
    CallerRevoked,

    [Description("The caller's role, or what a narrowed token leaves of it, does not allow the operation")]
    RoleNotAllowed,

    [Description("The person's last proof of identity is too old, or the session is not their own")]
    ProofTooOld,

    [Description("The person has a second factor but did not use it in this session")]
    SecondFactorNotUsed,

    [Description("The password is wrong")]
    WrongPassword,

    [Description("The person must set a new password first, and the current one may only be used for that")]
    PasswordResetRequested,

    [Description("The person has not accepted the agreement")]
    AgreementNotAccepted,

    [Description("The first factor is right, and a second factor is still needed")]
    SecondFactorOwed,

    [Description("The code is not valid now, was used before, or belongs to no challenge")]
    WrongCode,

    [Description("The passkey is unknown, or it signed another challenge, for another site, or one that was answered before")]
    WrongPasskey,

    [Description("Codes are not checked for a while after too many wrong ones")]
    SecondFactorClosed,

    [Description("The person signs in with an identity provider and has no password")]
    NoPassword,

    [Description("The identity provider's response does not belong to the request, or is not valid")]
    WrongProviderAnswer,

    [Description("The identity provider does not respond, or its connection is not trusted")]
    ProviderUnreachable,

    [Description("No person is linked to this identity of the provider, and none is created for it")]
    IdentityNotLinked,

    [Description("Another person is linked to this identity of the provider")]
    IdentityTaken,

    [Description("Another person has the e-mail address that the identity provider sent, and is not linked to the identity")]
    AddressTaken,

    [Description("The name is locked after too many wrong passwords")]
    NameLocked,

    [Description("The call came from a page of an untrusted origin")]
    UntrustedOrigin,

    [Description("The CSRF token does not belong to the cookie")]
    WrongCsrfToken,

    [Description("Too many calls: the rate limit is reached")]
    BudgetUsedUp,

    [Description("The scope is reserved and never granted")]
    ScopeReserved,

    [Description("The service's policy does not allow the scope")]
    ScopeNotInPolicy,

    [Description("The token does not have the scope")]
    ScopeNotCovered,

    [Description("With these scopes the token would be longer than this service accepts")]
    TokenTooLong,

    [Description("The session impersonates a person, and the operation is not allowed then")]
    Impersonated,

    [Description("The token has no session, so no session can be made from it")]
    WithoutSession,

    [Description("The session does not impersonate anybody")]
    NotImpersonated,

    [Description("The session's user is not an administrator, or may not impersonate")]
    MayNotImpersonate,

    [Description("The caller is neither the session's administrator nor the service that opened the session")]
    CallerMayNotImpersonate,

    [Description("The session was made by extension, and such sessions cannot impersonate")]
    SessionDelegated,

    [Description("The target is an administrator, who cannot be impersonated")]
    TargetIsAdministrator,

    [Description("The target of the impersonation is disabled")]
    TargetDisabled,

    [Description("No product with this name is configured")]
    UnknownProduct,

    [Description("The person already uses the product in as many sessions as allowed")]
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
