using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>
/// The look-ups that nearly every call makes, compiled once: one round trip by one index, nothing tracked. A compiled
/// query belongs to one model, and so to one host, hence no static fields.
/// </summary>
internal sealed class SessionQueries
{
    private readonly Func<AuthDbContext, Guid, string, Task<SessionView?>> _viewById = EF.CompileAsyncQuery(
        (AuthDbContext db, Guid id, string product) => db.Set<Session>().AsNoTracking()
            .Where(s => s.Id == id)
            .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
            .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new SessionView(
                new OwnedSession(row.s, row.p, a),
                db.Set<ProductAccess>().Any(access => access.SessionId == row.s.Id && access.Product == product)))
            .FirstOrDefault());

    private readonly Func<AuthDbContext, string, byte[], Task<Principal?>> _principalOfToken = EF.CompileAsyncQuery(
        (AuthDbContext db, string id, byte[] fingerprint) => db.Set<Principal>().AsNoTracking()
            .FirstOrDefault(p => p.Id == id && !db.Set<RevokedToken>().Any(token => token.TokenHash == fingerprint)));

    public Func<AuthDbContext, byte[], Task<OwnedSession?>> ByRefreshToken { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, byte[] hash) => db.Set<Session>().AsNoTracking()
            .Where(s => s.RefreshTokenHash == hash)
            .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
            .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new OwnedSession(row.s, row.p, a))
            .FirstOrDefault());

    public Func<AuthDbContext, Guid, Task<OwnedSession?>> ById { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, Guid id) => db.Set<Session>().AsNoTracking()
            .Where(s => s.Id == id)
            .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
            .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new OwnedSession(row.s, row.p, a))
            .FirstOrDefault());

    public Task<SessionView?> ViewById(AuthDbContext db, (Guid Id, string Product) key) => _viewById(db, key.Id, key.Product);

    /// <summary>By the exact id and the fingerprint of a token without a session, unless that token was revoked.</summary>
    public Task<Principal?> PrincipalOfToken(AuthDbContext db, (string Id, byte[] Fingerprint) token) => _principalOfToken(db, token.Id, token.Fingerprint);
}
