using AuthService.ApiTests.Hosting;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AuthService.ApiTests.Upgrades;

/// <summary>The schemas of released versions, which some deployments may still have.</summary>
internal static class ReleasedSchema
{
    /// <summary>The last migration of each released version, the oldest first. Every release adds its own.</summary>
    public static TheoryData<string> All { get; } = ["20261129120000_DelegationChains"];

    /// <summary>Creates a database with the schema of that version, without rows.</summary>
    /// <param name="store">The kind of store.</param>
    /// <param name="last">The last migration of the version, one of <see cref="All"/>.</param>
    public static async Task<TestDatabase> CreateAsync(Hosting.Store store, string last)
    {
        var database = await TestDatabase.CreateAsync(store);
        var options = new DbContextOptionsBuilder<AuthDbContext>();
        _ = database.IsPostgres ? options.UseNpgsql(database.ConnectionString) : options.UseSqlite(database.ConnectionString);
        await using var context = new AuthDbContext(options.Options);
        if (!database.IsPostgres)
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = 'wal'");
        await context.Database.MigrateAsync(last);
        return database;
    }
}
