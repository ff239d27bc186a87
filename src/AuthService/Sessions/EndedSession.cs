using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Revocations;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Sessions;

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

/// <summary>
/// The record that is kept for a week after a session ended. It tells the holder of the old refresh token why the session ended. It has a table of its own so
/// that the indexes of the sessions stay small.
/// </summary>
internal sealed class EndedSession : ICommitOrdered
{
    public static readonly TimeSpan Lifetime = RevocationReader.Kept;

    /// <summary>The id of the session.</summary>
    public required Guid Id { get; init; }

    public required long PrincipalNumber { get; init; }

    public byte[]? RefreshTokenHash { get; init; }

    public Guid? RootId { get; init; }

    public Guid? ExtendedFrom { get; init; }

    /// <summary>The lifetime of its access tokens; null when it was the configured one.</summary>
    public TimeSpan? AccessTokenLifetime { get; init; }

    /// <summary>When the last token expires that was made from one of the session's tokens; null unless it outlives the session's own tokens.</summary>
    public DateTimeOffset? TokensUntil { get; init; }

    public long? Position { get; init; }

    public required EndReason Reason { get; init; }

    /// <summary>The id of the principal that ended it; null when the session signed out with its own refresh token, or when it expired.</summary>
    public string? EndedBy { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }
}

internal sealed class EndedSessionTable : IEntityTypeConfiguration<EndedSession>
{
    public void Configure(EntityTypeBuilder<EndedSession> table)
    {
        table.ToTable("ended_sessions");
        table.HasKey(ended => ended.Id);
        table.Property(ended => ended.Id).ValueGeneratedNever();
        table.HasIndex(ended => ended.RefreshTokenHash).IsUnique();
        table.HasIndex(ended => ended.RootId).HasFilter("root_id IS NOT NULL");
        table.HasIndex(ended => ended.ExpireAt);
        table.HasIndex(ended => ended.Position).HasFilter("position IS NOT NULL");
    }
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

/// <summary>Finds why sessions ended.</summary>
internal sealed class EndedSessionStore(Store store, SessionLookUps lookUps)
{
    /// <returns>Null when no session that ended within a week had this refresh token.</returns>
    public async Task<EndedWithPrincipal?> FindAsync(byte[] refreshTokenHash, DateTimeOffset now) =>
        await lookUps.EndedByRefreshToken.ExecuteAsync(store, refreshTokenHash) is { } ended && ended.Session.ExpireAt > now ? ended : null;

    /// <returns>Null when no session of this id ended within a week.</returns>
    public Task<EndedWithPrincipal?> FindAsync(Guid id, DateTimeOffset now) => store.ReadAsync(db => db.Set<EndedSession>().AsNoTracking()
        .Where(ended => ended.Id == id && ended.ExpireAt > now)
        .Join(db.Set<Principal>(), ended => ended.PrincipalNumber, p => p.Number, (ended, p) => new EndedWithPrincipal(ended, p.Id))
        .FirstOrDefaultAsync());
}
