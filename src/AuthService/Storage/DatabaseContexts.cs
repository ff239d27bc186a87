using Microsoft.EntityFrameworkCore;

namespace AuthService.Storage;

/// <summary>Gives out contexts, each with a connection to the server that is the primary at this moment.</summary>
internal sealed class DatabaseContexts(IDbContextFactory<AuthDbContext> contexts, PostgresPool pool)
{
    public AuthDbContext Create()
    {
        var db = contexts.CreateDbContext();
        if (db.IsPostgres)
            db.ConnectTo(pool.Source);
        return db;
    }
}
