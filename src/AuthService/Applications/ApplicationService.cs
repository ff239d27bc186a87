using System.Data.Common;
using AuthService.Audit;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Applications;

/// <summary>Makes, changes and deletes customers' applications.</summary>
internal sealed class ApplicationService(AuthDbContext db, ApplicationStore applications, AuditLog audit, TimeProvider clock)
{
    public async Task<ApplicationOutcome> CreateAsync(ApplicationDetails details, Deed deed)
    {
        var now = UnixMicroseconds.Rounded(clock.GetUtcNow());
        var application = new Application
        {
            Id = ApplicationKey.NewId(now),
            Uid = details.Uid,
            Name = details.Name,
            Metadata = details.Metadata,
            RateLimit = details.RateLimit,
            CreatedAt = now,
            UpdatedAt = now,
        };
        try
        {
            await using var transaction = await StoreTransaction.BeginAsync(db);
            await applications.AddAsync(application);
            await audit.WriteAsync(deed, AuditEvents.ApplicationCreated, principal: null, detail: Describe(application.Id, details.Uid));
            await transaction.CommitAsync();
            return new ApplicationOutcome.Created(application);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new ApplicationOutcome.UidInUse();
        }
    }

    public async Task<ApplicationOutcome> ReplaceAsync(ApplicationKey key, ApplicationDetails details, Deed deed)
    {
        if (await applications.FindAsync(key) is not { } before)
            return new ApplicationOutcome.Unknown();
        var now = UnixMicroseconds.Rounded(clock.GetUtcNow());
        try
        {
            await using var transaction = await StoreTransaction.BeginAsync(db);
            if (!await applications.TryReplaceAsync(before.Id, details, now))
                return new ApplicationOutcome.Unknown();
            await audit.WriteAsync(deed, AuditEvents.ApplicationChanged, principal: null, detail: Describe(before.Id, details.Uid));
            await transaction.CommitAsync();
        }
        catch (DbException error) when (error.IsUniqueViolation())
        {
            return new ApplicationOutcome.UidInUse();
        }

        return new ApplicationOutcome.Changed(new Application
        {
            Id = before.Id,
            Uid = details.Uid,
            Name = details.Name,
            Metadata = details.Metadata,
            RateLimit = details.RateLimit,
            CreatedAt = before.CreatedAt,
            UpdatedAt = now,
        });
    }

    /// <returns>False when there is no such application.</returns>
    public async Task<bool> TryDeleteAsync(ApplicationKey key, Deed deed)
    {
        await using var transaction = await StoreTransaction.BeginAsync(db);
        if (await applications.FindAsync(key) is not { } application || !await applications.TryDeleteAsync(application))
            return false;
        await audit.WriteAsync(deed, AuditEvents.ApplicationDeleted, principal: null, detail: Describe(application.Id, application.Uid));
        await transaction.CommitAsync();
        return true;
    }

    private static string Describe(string id, string? uid) => uid is null ? id : $"{id} ({uid})";
}
