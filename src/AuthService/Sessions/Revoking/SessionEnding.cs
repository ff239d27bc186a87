using AuthService.Audit;

namespace AuthService.Sessions.Revoking;

/// <summary>The reason for which sessions are deleted, with actor and time.</summary>
/// <param name="Reason">The reason that the holder of a refresh token is told.</param>
/// <param name="By">The audit actor.</param>
/// <param name="At">The time of the deletion.</param>
internal sealed record SessionEnding(EndReason Reason, AuditActor By, DateTimeOffset At)
{
    /// <summary>Whether most sessions of the store may end: they are found by reading the whole table.</summary>
    public bool IsOfMost { get; init; }
}
