using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Applications;

/// <summary>Finds, adds, changes and deletes applications.</summary>
internal sealed class ApplicationStore(Store store)
{
    public Task<Application?> FindAsync(ApplicationKey key) => store.ReadAsync(
        db => db.Set<Application>().AsNoTracking().FirstOrDefaultAsync(key.IsId ? a => a.Id == key.Text : a => a.Uid == key.Text));

    /// <summary>Lists a page of applications.</summary>
    /// <param name="from">The position from an earlier page; null for the first page.</param>
    /// <param name="newestFirst">Whether the newest come first; otherwise the order of creation.</param>
    /// <param name="limit">The maximum number on the page.</param>
    public async Task<ApplicationPage> ListAsync(ListPosition? from, bool newestFirst, int limit)
    {
        var towardsOlder = newestFirst ^ (from?.Backwards ?? false);
        var items = await store.ReadAsync(db => Ordered(db.Set<Application>().AsNoTracking(), from, towardsOlder).Take(limit + 1).ToListAsync());
        var isLast = items.Count <= limit;
        if (!isLast)
            items.RemoveAt(limit);
        if (from is { Backwards: true })
            items.Reverse();
        return items.Count == 0
            ? new ApplicationPage(items, isLast, from, Previous: null)
            : new ApplicationPage(items, isLast, new ListPosition(items[^1].Number, Backwards: false), new ListPosition(items[0].Number, Backwards: true));
    }

    /// <returns>The application with its number; null when the uid is in use. In both cases a surrounding transaction can continue.</returns>
    public async Task<Application?> TryAddAsync(Application application)
    {
        var numbers = await store.WriteAsync<long>(
            $"""
            INSERT INTO applications (id, uid, name, metadata, rate_limit, created_at, updated_at)
            VALUES ({application.Id}, {application.Uid}, {application.Name}, {ApplicationTable.ToJson(application.Metadata)}, {application.RateLimit},
                    {UnixMicroseconds.From(application.CreatedAt)}, {UnixMicroseconds.From(application.UpdatedAt)})
            ON CONFLICT DO NOTHING RETURNING number AS "Value"
            """);
        return numbers is [var number] ? application with { Number = number } : null;
    }

    /// <summary>Writes only the changed properties, so that two changes of different properties both take effect.</summary>
    /// <returns>The changed application; null when there is none.</returns>
    /// <exception cref="System.Data.Common.DbException">A unique violation: the uid is in use.</exception>
    public async Task<Application?> TryChangeAsync(string id, ApplicationChange change, DateTimeOffset now)
    {
        var changed = await store.WriteAsync(db => db.Set<Application>().Where(a => a.Id == id).ExecuteUpdateAsync(set =>
        {
            set.SetProperty(a => a.UpdatedAt, now);
            if (change.Name is { } name)
                set.SetProperty(a => a.Name, name);
            if (change.SetsUid)
                set.SetProperty(a => a.Uid, change.Uid);
            if (change.Metadata is { } metadata)
                set.SetProperty(a => a.Metadata, metadata);
            if (change.SetsRateLimit)
                set.SetProperty(a => a.RateLimit, change.RateLimit);
        }));
        return changed == 1 ? await store.ReadAsync(db => db.Set<Application>().AsNoTracking().FirstAsync(a => a.Id == id)) : null;
    }

    /// <summary>Deletes the application with its tokens.</summary>
    /// <returns>False when another request has already deleted it.</returns>
    public async Task<bool> TryDeleteAsync(Application application)
    {
        store.AllowLongStatements();
        return await store.WriteAsync(db => db.Set<Application>().Where(a => a.Number == application.Number).ExecuteDeleteAsync()) == 1;
    }

    /// <summary>Locks the application so that it cannot be deleted until the transaction ends.</summary>
    public Task<bool> TryHoldAsync(Application application) => store.TryHoldAsync($"applications WHERE number = {application.Number}", RowLock.AgainstDeletion);

    private static IQueryable<Application> Ordered(IQueryable<Application> applications, ListPosition? from, bool towardsOlder)
    {
        if (from is { Number: var number })
            applications = applications.Where(towardsOlder ? a => a.Number < number : a => a.Number > number);
        return towardsOlder ? applications.OrderByDescending(a => a.Number) : applications.OrderBy(a => a.Number);
    }
}
