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

    /// <summary>By the exact id and the fingerprint of a token without a session, unless that token was revoked.</summary>
    public Func<AuthDbContext, string, byte[], Task<Principal?>> PrincipalOfToken { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, string id, byte[] fingerprint) => db.Set<Principal>().AsNoTracking()
            .FirstOrDefault(p => p.Id == id && !db.Set<RevokedToken>().Any(token => token.TokenHash == fingerprint)));

    public Func<AuthDbContext, Guid, Task<SessionView?>> ViewById { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, Guid id) => db.Set<Session>().AsNoTracking()
            .Where(s => s.Id == id)
            .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
            .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new SessionView(
                new OwnedSession(row.s, row.p, a),
                db.Set<ProductAccess>().Any(access => access.SessionId == row.s.Id && access.Product == SessionOptions.EquisoftConnect)))
            .FirstOrDefault());

    public Func<AuthDbContext, byte[][], IAsyncEnumerable<OwnedSession>> ByRefreshTokens { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, byte[][] hashes) => db.Set<Session>().AsNoTracking()
            .Where(s => hashes.Contains(s.RefreshTokenHash))
            .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
            .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new OwnedSession(row.s, row.p, a)));

    public Func<AuthDbContext, Guid[], IAsyncEnumerable<OwnedSession>> ByIds { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, Guid[] ids) => db.Set<Session>().AsNoTracking()
            .Where(s => ids.Contains(s.Id))
            .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
            .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new OwnedSession(row.s, row.p, a)));

    public Func<AuthDbContext, Guid[], IAsyncEnumerable<SessionView>> ViewsByIds { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, Guid[] ids) => db.Set<Session>().AsNoTracking()
            .Where(s => ids.Contains(s.Id))
            .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
            .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new SessionView(
                new OwnedSession(row.s, row.p, a),
                db.Set<ProductAccess>().Any(access => access.SessionId == row.s.Id && access.Product == SessionOptions.EquisoftConnect))));

    /// <summary>Each of the principals with each of the tokens that were revoked, and with null when none was.</summary>
    public Func<AuthDbContext, string[], byte[][], IAsyncEnumerable<PrincipalOrRevoked>> PrincipalsOfTokens { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, string[] ids, byte[][] fingerprints) => db.Set<Principal>().AsNoTracking()
            .Where(p => ids.Contains(p.Id))
            .SelectMany(
                p => db.Set<RevokedToken>().Where(token => fingerprints.Contains(token.TokenHash)).DefaultIfEmpty(),
                (p, token) => new PrincipalOrRevoked(p, token!.TokenHash)));
}

/// <param name="Principal">Who has one of the ids.</param>
/// <param name="Revoked">One of the fingerprints; null when none of them was revoked.</param>
internal sealed record PrincipalOrRevoked(Principal Principal, byte[]? Revoked);
