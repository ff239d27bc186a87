using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Applications;

/// <summary>The look-ups that nearly every call makes, compiled once. A compiled query belongs to one model, and so to one host, hence no static fields.</summary>
internal sealed class ApplicationQueries
{
    public Func<AuthDbContext, byte[], Task<VerifiedAppToken?>> ByToken { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, byte[] hash) => db.Set<IssuedAppToken>().AsNoTracking()
            .Where(token => token.Hash == hash)
            .Join(db.Set<Application>(), token => token.ApplicationNumber, a => a.Number, (token, a) => new VerifiedAppToken(token, a))
            .FirstOrDefault());

    public Func<AuthDbContext, byte[], Task<KeptAnswer?>> AnswerByKey { get; } = EF.CompileAsyncQuery(
        (AuthDbContext db, byte[] keyHash) => db.Set<KeptAnswer>().AsNoTracking().FirstOrDefault(answer => answer.KeyHash == keyHash));
}
