using AuthService.Refusals;

namespace AuthService.Sessions.Revoking;

/// <summary>Why a session ended. Stored as a number; the order must not change.</summary>
internal enum EndReason
{
    SignedOut = 0,

    /// <summary>The session's person revoked it, from another session or by its id.</summary>
    RevokedByOwner = 1,
    RevokedByAdministrator = 2,
    RevokedByService = 3,
    PasswordChanged = 4,

    /// <summary>
    /// The role, state, second factors, right to impersonate or another property of the account changed after which sessions no longer count.
    /// </summary>
    AccountChanged = 5,

    /// <summary>It was not used for longer than its idle time-out.</summary>
    Idle = 6,
    Expired = 7,

    /// <summary>The session was replaced when the same browser signed in again.</summary>
    Evicted = 8,
}

internal static class EndReasons
{
    /// <returns>The reason for the end of a session that is still stored; null when it has not ended. The clean-up applies the same rule in SQL.</returns>
    public static EndReason? Find(RefusalReason refusal, Session session) => refusal switch
    {
        RefusalReason.SessionSuspended => EndReason.Idle,
        RefusalReason.SessionExpired => session.SuspendAt < session.ExpireAt ? EndReason.Idle : EndReason.Expired,
        RefusalReason.PrincipalChanged or RefusalReason.PrincipalDisabled or RefusalReason.PrincipalDeleted or RefusalReason.ImpersonatorChanged =>
            EndReason.AccountChanged,
        _ => null,
    };
}
