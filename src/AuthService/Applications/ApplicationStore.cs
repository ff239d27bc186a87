using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Applications;

/// <summary>Looks applications up, adds, changes and deletes them.</summary>
internal sealed class ApplicationStore(AuthDbContext db)
{
    public Task<Application?> FindAsync(ApplicationKey key) => db.AskAsync(
        static (db, key) => db.Set<Application>().AsNoTracking().FirstOrDefaultAsync(key.IsId ? a => a.Id == key.Text : a => a.Uid == key.Text), key);

    /// <param name="from">Where an earlier page ended; null for the first page.</param>
    /// <param name="newestFirst">Otherwise in the order of creation.</param>
    /// <param name="limit">How many there may be on the page.</param>
    public async Task<ApplicationPage> ListAsync(ListPosition? from, bool newestFirst, int limit)
    {
        var towardsOlder = newestFirst ^ (from?.Backwards ?? false);
        var applications = db.Set<Application>().AsNoTracking();
        if (from is { Number: var number })
            applications = applications.Where(towardsOlder ? a => a.Number < number : a => a.Number > number);
        var items = await (towardsOlder ? applications.OrderByDescending(a => a.Number) : applications.OrderBy(a => a.Number)).Take(limit + 1).ToListAsync();
        var isLast = items.Count <= limit;
        if (!isLast)
            items.RemoveAt(limit);
        if (from is { Backwards: true })
            items.Reverse();
        return items.Count == 0
            ? new ApplicationPage(items, isLast, from, Previous: null)
            : new ApplicationPage(items, isLast, new ListPosition(items[^1].Number, Backwards: false), new ListPosition(items[0].Number, Backwards: true));
    }

    /// <returns>The application with its number; null when the uid is in use. Either way a transaction goes on.</returns>
    public async Task<Application?> TryAddAsync(Application application)
    {
        object?[] values =
        [
            application.Id,
            application.Uid,
            application.Name,
            ApplicationTable.ToJson(application.Metadata),
            application.RateLimit,
            UnixMicroseconds.From(application.CreatedAt),
            UnixMicroseconds.From(application.UpdatedAt),
        ];
        var numbers = await db.Database.SqlQueryRaw<long>(
            """
            INSERT INTO applications (id, uid, name, metadata, rate_limit, created_at, updated_at)
            VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6}) ON CONFLICT DO NOTHING RETURNING number AS "Value"
            """,
            values!).ToListAsync();
        return numbers is [var number] ? application with { Number = number } : null;
    }

    /// <returns>False when there is no such application.</returns>
    /// <exception cref="System.Data.Common.DbException">A unique violation: the uid is in use.</exception>
    public async Task<bool> TryReplaceAsync(string id, ApplicationDetails details, DateTimeOffset now) => await db.Set<Application>()
        .Where(a => a.Id == id)
        .ExecuteUpdateAsync(set => set
            .SetProperty(a => a.Uid, details.Uid).SetProperty(a => a.Name, details.Name).SetProperty(a => a.Metadata, details.Metadata)
            .SetProperty(a => a.RateLimit, details.RateLimit).SetProperty(a => a.UpdatedAt, now)) == 1;

    /// <summary>Its tokens go with it.</summary>
    /// <returns>False when somebody else was quicker.</returns>
    public async Task<bool> TryDeleteAsync(Application application) =>
        await db.Set<Application>().Where(a => a.Number == application.Number).ExecuteDeleteAsync() == 1;

    /// <summary>Keeps the application from being deleted until the transaction is over. SQLite's transactions exclude each other by themselves.</summary>
    public async Task<bool> TryHoldAsync(Application application)
    {
        var sql = $"SELECT 1 AS \"Value\" FROM applications WHERE number = {{0}} {(db.IsPostgres ? "FOR KEY SHARE" : "")}";
        return await db.Database.SqlQueryRaw<int>(sql, application.Number).ToListAsync() is [1];
    }
}
