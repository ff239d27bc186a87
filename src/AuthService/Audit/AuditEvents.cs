using System.Reflection;

namespace AuthService.Audit;

/// <summary>
/// The names of all audit events, as they are in the store and in the administration API. A refused action has the same name with the outcome "refused". Unless
/// a comment says otherwise, the principal of the entry is the one acted upon and the detail is empty.
/// </summary>
internal static class AuditEvents
{
    /// <summary>Somebody signed in, and the detail says how (RFC 8176), or was refused, and the detail says why. The name may not exist.</summary>
    public const string SignIn = "sign_in";

    /// <summary>A name was locked after too many wrong passwords; the detail says until when and how severely.</summary>
    public const string SignInLocked = "sign_in_locked";

    /// <summary>A person connected an authenticator app, or the first code was wrong.</summary>
    public const string SecondFactorConnected = "second_factor_connected";

    /// <summary>The authenticator app of a person was removed, with the recovery codes; the detail is a value of <see cref="RemovedFactors"/>.</summary>
    public const string SecondFactorRemoved = "second_factor_removed";

    /// <summary>A person got new recovery codes, which replace the old ones.</summary>
    public const string RecoveryCodesReplaced = "recovery_codes_replaced";

    /// <summary>
    /// After too many wrong codes the person's codes are not checked for a while; the detail says until when. After a hundred in a row the app's codes are not
    /// checked at all.
    /// </summary>
    public const string SecondFactorClosed = "second_factor_closed";

    /// <summary>A person added a passkey, or the response of the authenticator was refused; the detail is the id of the passkey.</summary>
    public const string PasskeyAdded = "passkey_added";

    /// <summary>A person renamed a passkey; the detail is its id.</summary>
    public const string PasskeyRenamed = "passkey_renamed";

    /// <summary>A passkey was removed, by its owner or by a report "it wasn't me"; the detail is its id.</summary>
    public const string PasskeyRemoved = "passkey_removed";

    /// <summary>
    /// A person was linked to an account at an identity provider, or was refused because another person has it. The detail contains the provider and its id of
    /// the account.
    /// </summary>
    public const string IdentityLinked = "identity_linked";

    /// <summary>A person was unlinked from an account at an identity provider; the detail contains the provider and its id of the account.</summary>
    public const string IdentityUnlinked = "identity_unlinked";

    /// <summary>A browser of a person no longer counts as known; the detail is its id.</summary>
    public const string DeviceForgotten = "device_forgotten";

    /// <summary>A person proved again, in an existing session, who they are; the detail says how.</summary>
    public const string Reauthenticated = "reauthenticated";

    /// <summary>A session was signed out with its own refresh token, or by the identity provider that the detail names.</summary>
    public const string SignOut = "sign_out";

    /// <summary>A service opened a session for somebody.</summary>
    public const string SessionOpened = "session_opened";

    /// <summary>A new or suspended session was enabled.</summary>
    public const string SessionEnabled = "session_enabled";

    /// <summary>A session was enabled for the product in the detail, or was refused, and the detail also says why.</summary>
    public const string ProductAccessGranted = "product_access_granted";

    /// <summary>A session lost access to the product in the detail to a newer session of the same person.</summary>
    public const string ProductAccessWithdrawn = "product_access_withdrawn";

    /// <summary>An administrator's session started to impersonate somebody; the detail contains the administrator, the person and the reason.</summary>
    public const string ImpersonationBegun = "impersonation_begun";

    /// <summary>An impersonation ended; the detail contains the administrator and the person.</summary>
    public const string ImpersonationEnded = "impersonation_ended";

    /// <summary>A service stored a token of a single sign-on provider with a session, or was refused; the detail is the token's id.</summary>
    public const string StoredTokenWritten = "stored_token_written";

    /// <summary>A service read a stored token, or was refused; the detail is the token's id.</summary>
    public const string StoredTokenRead = "stored_token_read";

    /// <summary>A service deleted a stored token, or was refused; the detail is the token's id.</summary>
    public const string StoredTokenDeleted = "stored_token_deleted";

    /// <summary>
    /// A session was revoked by another principal or from another session. For several sessions the detail says how many, and after a comma which ones stay.
    /// </summary>
    public const string SessionRevoked = "session_revoked";

    /// <summary>An access token was revoked individually.</summary>
    public const string TokenRevoked = "token_revoked";

    /// <summary>Somebody requested a one-time token; the detail is its <c>jti</c>. When refused, it contains the reason and the scopes.</summary>
    public const string OneTimeTokenIssued = "one_time_token_issued";

    /// <summary>A service claimed a one-time token, or it had been claimed before. The detail is its <c>jti</c>; there is no principal.</summary>
    public const string OneTimeTokenClaimed = "one_time_token_claimed";

    /// <summary>A service extended somebody's token, or was refused; the detail lists the scopes, and the session is that of the token.</summary>
    public const string TokenExtended = "token_extended";

    /// <summary>A service extended somebody's token and got a session of its own, which is the one in the entry; the detail lists the scopes.</summary>
    public const string SessionDelegated = "session_delegated";

    /// <summary>A principal was created; the detail contains its type and role.</summary>
    public const string PrincipalCreated = "principal_created";

    /// <summary>People were imported; the detail says how many and which, and there is no principal.</summary>
    public const string PrincipalsImported = "principals_imported";

    /// <summary>A principal was changed; the detail lists the changed fields, with the values of those that affect rights.</summary>
    public const string PrincipalChanged = "principal_changed";

    /// <summary>A principal was deleted; its id stays taken.</summary>
    public const string PrincipalDeleted = "principal_deleted";

    /// <summary>A password was set, by the person or for them. When refused, the detail says why: a wrong current password, or a lock.</summary>
    public const string PasswordSet = "password_set";

    /// <summary>Somebody requested a new password with the person's address, and a link was mailed there.</summary>
    public const string PasswordResetMailed = "password_reset_mailed";

    /// <summary>A person requested another address; a link was mailed to it.</summary>
    public const string EmailChangeRequested = "email_change_requested";

    /// <summary>A person proved that they can read the mail of an address, which became theirs.</summary>
    public const string EmailConfirmed = "email_confirmed";

    /// <summary>
    /// A person reported after a notice that it was not them. Their password, sessions, and the changes since the one in the notice were removed.
    /// </summary>
    public const string NotMeReported = "not_me_reported";

    /// <summary>An administrator reset the failed sign-ins of a person and the lock.</summary>
    public const string Unlocked = "unlocked";

    /// <summary>A service or provider got a new refresh token.</summary>
    public const string RefreshTokenRenewed = "refresh_token_renewed";

    /// <summary>A customer's application was created. Entries about applications have no principal, and the detail names the application.</summary>
    public const string ApplicationCreated = "application_created";

    /// <summary>An application was changed or replaced.</summary>
    public const string ApplicationChanged = "application_changed";

    /// <summary>An application was deleted, and its tokens with it.</summary>
    public const string ApplicationDeleted = "application_deleted";

    /// <summary>A magic link was issued, with a token of the application.</summary>
    public const string AppTokenIssued = "app_token_issued";

    /// <summary>All tokens of an application were revoked, or will soon expire; the detail also says how many.</summary>
    public const string AppTokensExpired = "app_tokens_expired";

    /// <summary>One app token was revoked, by its holder or by the service that is the actor.</summary>
    public const string AppTokenLoggedOut = "app_token_logged_out";

    /// <summary>A service got an API key; the detail names the key.</summary>
    public const string ApiKeyCreated = "api_key_created";

    /// <summary>An API key was revoked; the detail names the key.</summary>
    public const string ApiKeyRevoked = "api_key_revoked";

    /// <summary>A service created a stream of shared signals. In entries about streams the principal is the service, and the detail names the stream.</summary>
    public const string SignalStreamCreated = "signal_stream_created";

    /// <summary>A service changed its stream, or the stream's status.</summary>
    public const string SignalStreamChanged = "signal_stream_changed";

    /// <summary>A service deleted its stream.</summary>
    public const string SignalStreamDeleted = "signal_stream_deleted";

    /// <summary>A webhook was created. Entries about webhooks have no principal, and the detail names the webhook and its host.</summary>
    public const string WebhookCreated = "webhook_created";

    /// <summary>A webhook was changed, enabled or disabled; the detail lists the changed fields.</summary>
    public const string WebhookChanged = "webhook_changed";

    /// <summary>A webhook was deleted, with the deliveries that waited for it.</summary>
    public const string WebhookDeleted = "webhook_deleted";

    /// <summary>A webhook got a new secret.</summary>
    public const string WebhookSecretRotated = "webhook_secret_rotated";

    /// <summary>A test was sent to a webhook; the detail is the id of the delivery.</summary>
    public const string WebhookTested = "webhook_tested";

    /// <summary>One delivery, or all since a given time, are sent to a webhook again; the detail says which.</summary>
    public const string WebhookReplayed = "webhook_replayed";

    /// <summary>The service disabled a webhook by itself; the detail says why.</summary>
    public const string WebhookDisabled = "webhook_disabled";

    /// <summary>All events.</summary>
    public static readonly IReadOnlySet<string> All = typeof(AuditEvents).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .Select(field => (string)field.GetRawConstantValue()!)
        .ToHashSet(StringComparer.Ordinal);
}
