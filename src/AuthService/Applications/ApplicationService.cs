using System.Data.Common;
using AuthService.Audit;
using AuthService.Storage;

namespace AuthService.Applications;

/// <summary>Makes, changes and deletes customers' applications.</summary>
internal sealed class ApplicationService(AuthDbContext db, ApplicationStore applications, AuditLog audit, TimeProvider clock)
{
    public Task<ApplicationOutcome> CreateAsync(ApplicationDetails details, Deed deed) => StoreTransaction.RunAsync<ApplicationOutcome>(db, async transaction =>
    {
        var now = UnixMicroseconds.Rounded(clock.GetUtcNow());
        if (await applications.TryAddAsync(Describe(ApplicationKey.NewId(now), details, now, now)) is not { } application)
            return new ApplicationOutcome.UidInUse();
        await audit.WriteAsync(deed, AuditEvents.ApplicationCreated, principal: null, detail: Describe(application.Id, details.Uid));
        await transaction.CommitAsync();
        return new ApplicationOutcome.Created(application);
    });

    public async Task<ApplicationOutcome> ReplaceAsync(ApplicationKey key, ApplicationDetails details, Deed deed)
    {
        if (await applications.FindAsync(key) is not { } before)
            return new ApplicationOutcome.Unknown();
        var now = UnixMicroseconds.Rounded(clock.GetUtcNow());
        try
        {
            return await StoreTransaction.RunAsync<ApplicationOutcome>(db, async transaction =>
            {
                if (!await applications.TryReplaceAsync(before.Id, details, now))
                    return new ApplicationOutcome.Unknown();
                await audit.WriteAsync(deed, AuditEvents.ApplicationChanged, principal: null, detail: Describe(before.Id, details.Uid));
                await transaction.CommitAsync();
                return new ApplicationOutcome.Changed(Describe(before.Id, details, before.CreatedAt, now));
            });
        }
        catch (DbException error) when (error.IsUniqueViolation())
        {
            return new ApplicationOutcome.UidInUse();
        }
    }

    /// <returns>False when there is no such application.</returns>
    public Task<bool> TryDeleteAsync(ApplicationKey key, Deed deed) => StoreTransaction.RunAsync(db, async transaction =>
    {
        if (await applications.FindAsync(key) is not { } application || !await applications.TryDeleteAsync(application))
            return false;
        await audit.WriteAsync(deed, AuditEvents.ApplicationDeleted, principal: null, detail: Describe(application.Id, application.Uid));
        await transaction.CommitAsync();
        return true;
    });

    private static Application Describe(string id, ApplicationDetails details, DateTimeOffset createdAt, DateTimeOffset updatedAt) => new()
    {
        Id = id,
        Uid = details.Uid,
        Name = details.Name,
        Metadata = details.Metadata,
        RateLimit = details.RateLimit,
        CreatedAt = createdAt,
        UpdatedAt = updatedAt,
    };

    private static string Describe(string id, string? uid) => uid is null ? id : $"{id} ({uid})";
}
