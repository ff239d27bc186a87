using System.Collections.Frozen;
using System.Reflection;

namespace AuthService.Audit;

/// <summary>
/// The names of the deeds, as they stand in the store and in the administration API: every one that is ever written. What
/// is refused has the same name with the outcome "refused". Where nothing is said about it, the principal is the one acted
/// upon and the detail is empty.
/// </summary>
internal static class AuditEvents
{
    /// <summary>Somebody signed in, or was refused: for a wrong name or password, or because the name is locked, as the detail then says. The principal is missing when nobody has that name.</summary>
    public const string SignIn = "sign_in";

    /// <summary>Too many wrong passwords have locked a name; the detail says until when and how severely.</summary>
    public const string SignInLocked = "sign_in_locked";

    /// <summary>A session was ended with its own refresh token.</summary>
    public const string SignOut = "sign_out";

    /// <summary>A service opened a session for somebody.</summary>
    public const string SessionOpened = "session_opened";

    /// <summary>A new or suspended session became usable.</summary>
    public const string SessionEnabled = "session_enabled";

    /// <summary>A session was enabled for the product that the detail names.</summary>
    public const string ProductAccessGranted = "product_access_granted";

    /// <summary>An administrator's session acts as somebody else from here on; the detail says who as whom and why.</summary>
    public const string ImpersonationBegun = "impersonation_begun";

    /// <summary>The session is its administrator's again; the detail says who acted as whom.</summary>
    public const string ImpersonationEnded = "impersonation_ended";

    /// <summary>One session was ended by somebody else or from another one, or several at once: then the detail says how many.</summary>
    public const string SessionRevoked = "session_revoked";

    /// <summary>An access token without a session was revoked.</summary>
    public const string TokenRevoked = "token_revoked";

    /// <summary>Somebody asked for a one-time token; the detail is its <c>jti</c>.</summary>
    public const string OneTimeTokenIssued = "one_time_token_issued";

    /// <summary>A service claimed a one-time token, or came too late; the detail is its <c>jti</c>, nobody is acted upon.</summary>
    public const string OneTimeTokenClaimed = "one_time_token_claimed";

    /// <summary>A service narrowed somebody's token; the detail lists the scopes, the session is the one that was made of it, if one was.</summary>
    public const string TokenExtended = "token_extended";

    /// <summary>The detail gives type and role.</summary>
    public const string PrincipalCreated = "principal_created";

    /// <summary>People were brought from elsewhere; the detail says how many and which, the principal is missing.</summary>
    public const string PrincipalsImported = "principals_imported";

    /// <summary>The detail lists what was set, with the values that decide rights.</summary>
    public const string PrincipalChanged = "principal_changed";

    /// <summary>The id stays taken.</summary>
    public const string PrincipalDeleted = "principal_deleted";

    /// <summary>A person was given a new password or took one, or was refused: for a wrong current one, or for a lock, as the detail says.</summary>
    public const string PasswordSet = "password_set";

    /// <summary>An administrator made failed sign-ins and their lock forgotten.</summary>
    public const string Unlocked = "unlocked";

    /// <summary>A service or provider was given a new standing credential.</summary>
    public const string RefreshTokenRenewed = "refresh_token_renewed";

    /// <summary>A customer's application was made; of all deeds on applications the principal is missing and the detail names the application.</summary>
    public const string ApplicationCreated = "application_created";

    /// <summary>An application was replaced.</summary>
    public const string ApplicationChanged = "application_changed";

    /// <summary>An application was deleted, and its tokens with it.</summary>
    public const string ApplicationDeleted = "application_deleted";

    /// <summary>A magic link was given out, with a token of the application.</summary>
    public const string AppTokenIssued = "app_token_issued";

    /// <summary>All tokens of an application were ended, or will soon be; the detail also says how many.</summary>
    public const string AppTokensExpired = "app_tokens_expired";

    /// <summary>One app token was ended: by whoever holds it, or by the service that the actor is.</summary>
    public const string AppTokenLoggedOut = "app_token_logged_out";

    /// <summary>A service was given an API key; the detail names it.</summary>
    public const string ApiKeyCreated = "api_key_created";

    /// <summary>An API key was revoked; the detail names it.</summary>
    public const string ApiKeyRevoked = "api_key_revoked";

    /// <summary>All of them.</summary>
    public static readonly FrozenSet<string> All = typeof(AuditEvents).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .Select(field => (string)field.GetRawConstantValue()!)
        .ToFrozenSet(StringComparer.Ordinal);
}
