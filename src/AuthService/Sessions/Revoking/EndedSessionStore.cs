using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions.Revoking;

/// <summary>A session that ended within a week, with the id of its principal.</summary>
internal sealed record EndedWithPrincipal(EndedSession Session, string Principal);

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
