namespace AuthService.Audit;

/// <summary>The names of the deeds, as they stand in the store and in the administration API.</summary>
internal static class AuditEvents
{
    public const string SignIn = "sign_in";
    public const string SignInLocked = "sign_in_locked";
    public const string SignOut = "sign_out";
    public const string SessionOpened = "session_opened";
    public const string SessionEnabled = "session_enabled";
    public const string ProductAccessGranted = "product_access_granted";
    public const string ImpersonationBegun = "impersonation_begun";
    public const string ImpersonationEnded = "impersonation_ended";
    public const string SessionRevoked = "session_revoked";
    public const string OneTimeTokenIssued = "one_time_token_issued";
    public const string OneTimeTokenClaimed = "one_time_token_claimed";
    public const string TokenExtended = "token_extended";
    public const string PrincipalCreated = "principal_created";
    public const string PrincipalChanged = "principal_changed";
    public const string PrincipalDeleted = "principal_deleted";
    public const string PasswordSet = "password_set";
    public const string Unlocked = "unlocked";
    public const string RefreshTokenRenewed = "refresh_token_renewed";
    public const string ApplicationCreated = "application_created";
    public const string ApplicationChanged = "application_changed";
    public const string ApplicationDeleted = "application_deleted";
    public const string AppTokenIssued = "app_token_issued";
    public const string AppTokensExpired = "app_tokens_expired";
    public const string AppTokenLoggedOut = "app_token_logged_out";
    public const string ApiKeyCreated = "api_key_created";
    public const string ApiKeyRevoked = "api_key_revoked";
}
