using AuthService.ApiTests.Hosting;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AuthService.ApiTests.Upgrades;

/// <summary>The schemas that are in use somewhere.</summary>
internal static class ReleasedSchema
{
    /// <summary>The last migration of each version that was released, the oldest first. A release adds its own.</summary>
    public static TheoryData<string> All { get; } = ["20261129120000_DelegationChains"];

    /// <summary>A database as that version has left it, without rows.</summary>
    /// <param name="store">Which store.</param>
    /// <param name="last">One of <see cref="All"/>.</param>
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
