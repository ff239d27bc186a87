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

    /// <summary>By its person, from another session or by its id.</summary>
    RevokedByOwner = 1,
    RevokedByAdministrator = 2,
    RevokedByService = 3,
    PasswordChanged = 4,

    /// <summary>Role, state, second factors or the right to impersonate.</summary>
    AccountChanged = 5,

    /// <summary>It was not used for longer than its idle time-out.</summary>
    Idle = 6,
    Expired = 7,

    /// <summary>The same browser signed in anew.</summary>
    Evicted = 8,
}

/// <summary>
/// What is left of a session for a week, so that whoever still holds its refresh token learns why it ended. It stands in a table of its own: the
/// indexes of the sessions stay as small as they are.
/// </summary>
internal sealed class EndedSession : ICommitOrdered
{
    public static readonly TimeSpan Lifetime = RevocationReader.Kept;

    /// <summary>Of the session.</summary>
    public required Guid Id { get; init; }

    public required long PrincipalNumber { get; init; }

    public byte[]? RefreshTokenHash { get; init; }

    public Guid? RootId { get; init; }

    public Guid? ExtendedFrom { get; init; }

    /// <summary>Of its access tokens, where it was not the usual one.</summary>
    public TimeSpan? AccessTokenLifetime { get; init; }

    /// <summary>The end of the longest token that was made from one of its tokens, where that lives longer than those.</summary>
    public DateTimeOffset? TokensUntil { get; init; }

    public long? Position { get; init; }

    public required EndReason Reason { get; init; }

    /// <summary>The id of whoever ended it; null when it was its own sign-out, or time.</summary>
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
    /// <returns>What a refusal means of a session that is still stored; null when it has not ended. The clean-up says the same in SQL.</returns>
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

    /// <summary>Deletes some that have been kept long enough.</summary>
    public Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<EndedSession>(nameof(EndedSession.ExpireAt), now, limit, cancellation);
}
