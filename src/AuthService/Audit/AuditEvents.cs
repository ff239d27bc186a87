using System.Reflection;

namespace AuthService.Audit;

/// <summary>
/// The names of audit events, as they stand in the store and in the administration API: every one that is ever written. What
/// is refused has the same name with the outcome "refused". Where nothing is said about it, the principal is the one acted
/// upon and the detail is empty.
/// </summary>
internal static class AuditEvents
{
    /// <summary>Somebody signed in, how says the detail (RFC 8176), or was refused, why says the detail. Nobody may have the name.</summary>
    public const string SignIn = "sign_in";

    /// <summary>Too many wrong passwords have locked a name; the detail says until when and how severely.</summary>
    public const string SignInLocked = "sign_in_locked";

    /// <summary>A person connected an authenticator app, or a first code was wrong.</summary>
    public const string SecondFactorConnected = "second_factor_connected";

    /// <summary>The authenticator app of a person was removed, with the recovery codes; the detail is a value of <see cref="RemovedFactors"/>.</summary>
    public const string SecondFactorRemoved = "second_factor_removed";

    /// <summary>A person was given new recovery codes; the old ones are void.</summary>
    public const string RecoveryCodesReplaced = "recovery_codes_replaced";

    /// <summary>After too many wrong codes none of the person's is judged; the detail says until when. After a hundred in a row none of the app is.</summary>
    public const string SecondFactorClosed = "second_factor_closed";

    /// <summary>A person made a passkey, or what the authenticator made was refused; the detail is its id.</summary>
    public const string PasskeyAdded = "passkey_added";

    /// <summary>A person gave a passkey another name; the detail is its id.</summary>
    public const string PasskeyRenamed = "passkey_renamed";

    /// <summary>A passkey was removed, by its person or by "it wasn't me"; the detail is its id.</summary>
    public const string PasskeyRemoved = "passkey_removed";

    /// <summary>A person belongs to somebody at an identity provider; refused: another does. The detail gives the provider and what it calls them.</summary>
    public const string IdentityLinked = "identity_linked";

    /// <summary>A person does not belong to somebody at an identity provider any more; the detail gives the provider and what it calls them.</summary>
    public const string IdentityUnlinked = "identity_unlinked";

    /// <summary>A browser that a person has signed in with does not count as known any more; the detail is its id.</summary>
    public const string DeviceForgotten = "device_forgotten";

    /// <summary>A person proved once more, in a session that they have, who they are; the detail says how.</summary>
    public const string Reauthenticated = "reauthenticated";

    /// <summary>A session was revoked with its own refresh token, or by the identity provider that the detail names, where the person has signed out.</summary>
    public const string SignOut = "sign_out";

    /// <summary>A service opened a session for somebody.</summary>
    public const string SessionOpened = "session_opened";

    /// <summary>A new or suspended session became usable.</summary>
    public const string SessionEnabled = "session_enabled";

    /// <summary>A session was enabled for the product that the detail names, or was refused, why says the detail too.</summary>
    public const string ProductAccessGranted = "product_access_granted";

    /// <summary>A session lost the product that the detail names to a newer one of the same person.</summary>
    public const string ProductAccessWithdrawn = "product_access_withdrawn";

    /// <summary>An administrator's session acts as somebody else from here on; the detail says who as whom and why.</summary>
    public const string ImpersonationBegun = "impersonation_begun";

    /// <summary>The session is its administrator's again; the detail says who acted as whom.</summary>
    public const string ImpersonationEnded = "impersonation_ended";

    /// <summary>A service kept a token of a single sign-on provider with a session, or was refused; the detail is the token's id.</summary>
    public const string StoredTokenWritten = "stored_token_written";

    /// <summary>A service was given a kept token, or was refused; the detail is the token's id.</summary>
    public const string StoredTokenRead = "stored_token_read";

    /// <summary>A service deleted a kept token, or was refused; the detail is the token's id.</summary>
    public const string StoredTokenDeleted = "stored_token_deleted";

    /// <summary>One session was revoked by somebody else or from another one, or several: the detail says how many, and after a comma which stay.</summary>
    public const string SessionRevoked = "session_revoked";

    /// <summary>An access token was revoked by itself.</summary>
    public const string TokenRevoked = "token_revoked";

    /// <summary>Somebody asked for a one-time token; the detail is its <c>jti</c>. Refused: why, and the scopes.</summary>
    public const string OneTimeTokenIssued = "one_time_token_issued";

    /// <summary>A service claimed a one-time token, or came too late; the detail is its <c>jti</c>, nobody is acted upon.</summary>
    public const string OneTimeTokenClaimed = "one_time_token_claimed";

    /// <summary>A service narrowed somebody's token, or was refused; the detail lists the scopes, the session is that of the token.</summary>
    public const string TokenExtended = "token_extended";

    /// <summary>A service narrowed somebody's token for a session of its own, which is the one named; the detail lists the scopes.</summary>
    public const string SessionDelegated = "session_delegated";

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

    /// <summary>Somebody asked for a new password by the person's address, and a link was mailed there.</summary>
    public const string PasswordResetMailed = "password_reset_mailed";

    /// <summary>A person asked for another address; a link was mailed to it.</summary>
    public const string EmailChangeRequested = "email_change_requested";

    /// <summary>A person showed that they read the mail of an address, which is theirs from then on.</summary>
    public const string EmailConfirmed = "email_confirmed";

    /// <summary>A person said of a notice that it was not them: their password, sessions, and what the notice told of or came after it, are gone.</summary>
    public const string NotMeReported = "not_me_reported";

    /// <summary>An administrator made failed sign-ins and their lock forgotten.</summary>
    public const string Unlocked = "unlocked";

    /// <summary>A service or provider was given a new refresh token.</summary>
    public const string RefreshTokenRenewed = "refresh_token_renewed";

    /// <summary>A customer's application was made; of all entries about applications the principal is missing and the detail names the application.</summary>
    public const string ApplicationCreated = "application_created";

    /// <summary>An application was replaced.</summary>
    public const string ApplicationChanged = "application_changed";

    /// <summary>An application was deleted, and its tokens with it.</summary>
    public const string ApplicationDeleted = "application_deleted";

    /// <summary>A magic link was given out, with a token of the application.</summary>
    public const string AppTokenIssued = "app_token_issued";

    /// <summary>All tokens of an application were revoked, or will soon expire; the detail also says how many.</summary>
    public const string AppTokensExpired = "app_tokens_expired";

    /// <summary>One app token was revoked: by whoever holds it, or by the service that the actor is.</summary>
    public const string AppTokenLoggedOut = "app_token_logged_out";

    /// <summary>A service was given an API key; the detail names it.</summary>
    public const string ApiKeyCreated = "api_key_created";

    /// <summary>An API key was revoked; the detail names it.</summary>
    public const string ApiKeyRevoked = "api_key_revoked";

    /// <summary>A service made a stream of shared signals; of all entries about streams it is the principal, and the detail names the stream.</summary>
    public const string SignalStreamCreated = "signal_stream_created";

    /// <summary>A service changed its stream, or the stream's status.</summary>
    public const string SignalStreamChanged = "signal_stream_changed";

    /// <summary>A service deleted its stream.</summary>
    public const string SignalStreamDeleted = "signal_stream_deleted";

    /// <summary>A webhook was made; of all entries about webhooks the principal is missing and the detail names the webhook and its host.</summary>
    public const string WebhookCreated = "webhook_created";

    /// <summary>A webhook was changed, enabled or disabled; the detail lists what was set.</summary>
    public const string WebhookChanged = "webhook_changed";

    /// <summary>A webhook was deleted, with what waited for it.</summary>
    public const string WebhookDeleted = "webhook_deleted";

    /// <summary>A webhook was given a new secret.</summary>
    public const string WebhookSecretRotated = "webhook_secret_rotated";

    /// <summary>Something was sent to a webhook to test it; the detail is the delivery's id.</summary>
    public const string WebhookTested = "webhook_tested";

    /// <summary>One delivery, or those from a moment on, are sent to a webhook again; the detail says which.</summary>
    public const string WebhookReplayed = "webhook_replayed";

    /// <summary>The service disabled a webhook by itself; the detail says why.</summary>
    public const string WebhookDisabled = "webhook_disabled";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlySet<string> All = typeof(AuditEvents).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .Select(field => (string)field.GetRawConstantValue()!)
        .ToHashSet(StringComparer.Ordinal);
}
