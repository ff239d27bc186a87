using AuthService.Sessions.Revoking;

namespace AuthService.Api.Http.Errors;

/// <summary>Translates the end reason of a session for the holder of its refresh token.</summary>
internal static class EndReasonWords
{
    public static string ToCode(this EndReason reason) => reason switch
    {
        EndReason.SignedOut => "SIGNED_OUT",
        EndReason.RevokedByOwner => "REVOKED_BY_YOU",
        EndReason.RevokedByAdministrator => "REVOKED_BY_ADMIN",
        EndReason.RevokedByService => "REVOKED_BY_SERVICE",
        EndReason.PasswordChanged => "PASSWORD_CHANGED",
        EndReason.AccountChanged => "ACCOUNT_CHANGED",
        EndReason.Idle => "IDLE",
        EndReason.Expired => "EXPIRED",
        EndReason.Evicted => "EVICTED",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, message: null),
    };

    public static string ToWords(this EndReason reason) => reason switch
    {
        EndReason.SignedOut => "The session was signed out",
        EndReason.RevokedByOwner => "You ended this session yourself, from another one",
        EndReason.RevokedByAdministrator => "An administrator ended this session",
        EndReason.RevokedByService => "A service ended this session",
        EndReason.PasswordChanged => "The session ended because the password was changed",
        EndReason.AccountChanged => "The session ended because the account was changed",
        EndReason.Idle => "The session ended because it was not used for too long",
        EndReason.Expired => "The session has reached its longest duration",
        EndReason.Evicted => "The same browser signed in again",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, message: null),
    };
}
