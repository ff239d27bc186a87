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
        FollowPrimary(db);
        return db;
    }

    /// <summary>Connects a context to the server that is the primary at this moment, if that is another one. The context must not be in use.</summary>
    public void FollowPrimary(AuthDbContext db)
    {
        if (IsPostgres)
            db.ConnectTo(pool.Source);
    }
}
