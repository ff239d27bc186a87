using Microsoft.EntityFrameworkCore;

namespace AuthService.Storage;

/// <summary>Gives out contexts, each with a connection to the server that is the primary at this moment.</summary>
internal sealed class DatabaseContexts(IDbContextFactory<AuthDbContext> contexts, PostgresPool pool)
{
    /// <summary>Otherwise they are SQLite's.</summary>
    public bool ArePostgres { get; } = pool.IsUsed;

    public AuthDbContext Create()
    {
        var db = contexts.CreateDbContext();
        if (ArePostgres)
            db.ConnectTo(pool.Source);
        return db;
    }
}
