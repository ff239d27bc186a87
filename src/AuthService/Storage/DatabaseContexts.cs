using Microsoft.EntityFrameworkCore;

namespace AuthService.Storage;

/// <summary>Creates contexts. In PostgreSQL each has a connection to the server that is the primary at this moment.</summary>
internal sealed class DatabaseContexts(IDbContextFactory<AuthDbContext> contexts, PostgresPool pool)
{
    /// <summary>Whether the store is PostgreSQL. Otherwise it is SQLite.</summary>
    public bool IsPostgres { get; } = pool.IsUsed;

    public AuthDbContext Create()
    {
        var db = contexts.CreateDbContext();
        if (IsPostgres)
            db.ConnectTo(pool.Source);
        return db;
    }
}
