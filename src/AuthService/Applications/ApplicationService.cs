using System.Data.Common;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;

namespace AuthService.Applications;

internal abstract record ApplicationOutcome
{
    private ApplicationOutcome()
    {
    }

    internal sealed record Created(Application Application) : ApplicationOutcome;

    internal sealed record Existing(Application Application) : ApplicationOutcome;

    internal sealed record Changed(Application Application) : ApplicationOutcome;

    internal sealed record Unknown : ApplicationOutcome;

    /// <summary>Another application has this uid.</summary>
    internal sealed record UidInUse : ApplicationOutcome;

    /// <summary>The details contain another uid than the path under which the application is to be created.</summary>
    internal sealed record UidDiffers : ApplicationOutcome;
}

/// <summary>Creates, changes and deletes customers' applications.</summary>
internal sealed class ApplicationService(Store store, ApplicationStore applications, AuditLog audit, TimeProvider clock)
{
    public Task<ApplicationOutcome> CreateAsync(
        ApplicationDetails details, AuditActor by) => store.InTransactionOfAsync<ApplicationOutcome>(by, clock, async now =>
    {
        if (await applications.TryAddAsync(Create(ApplicationKey.NewId(now), details, now, now)) is not { } application)
            return new ApplicationOutcome.UidInUse();
        await audit.WriteAsync(by, AuditEvents.ApplicationCreated, principal: null, detail: ToAuditText(application.Id, details.Uid));
        return new ApplicationOutcome.Created(application);
    });

    /// <summary>Returns the application that already has the uid, or creates a new one.</summary>
    public async Task<ApplicationOutcome> GetOrCreateAsync(ApplicationDetails details, AuditActor by)
    {
        var outcome = await CreateAsync(details, by);
        return outcome is ApplicationOutcome.UidInUse && ApplicationKey.TryParse(details.Uid, out var uid) && await applications.FindAsync(uid) is { } existing
            ? new ApplicationOutcome.Existing(existing)
            : outcome;
    }

    /// <summary>
    /// Replaces an application, or creates the one with this uid. An application that is found by its uid keeps that uid when the details contain none, so that
    /// the same call finds it again.
    /// </summary>
    public async Task<ApplicationOutcome> ReplaceOrCreateAsync(ApplicationKey key, ApplicationDetails details, AuditActor by)
    {
        var kept = key.IsId ? details : details with { Uid = details.Uid ?? key.Text };
        var outcome = await ChangeAsync(key, ToChange(kept), by);
        if (outcome is not ApplicationOutcome.Unknown || key.IsId)
            return outcome;
        if (kept.Uid != key.Text)
            return new ApplicationOutcome.UidDiffers();
        var created = await CreateAsync(kept, by);
        return created is ApplicationOutcome.UidInUse ? await ChangeAsync(key, ToChange(kept), by) : created; // another request has created it
    }

    public async Task<ApplicationOutcome> ChangeAsync(ApplicationKey key, ApplicationChange change, AuditActor by)
    {
        if (await applications.FindAsync(key) is not { Id: var id })
            return new ApplicationOutcome.Unknown();
        try
        {
            return await store.InTransactionOfAsync<ApplicationOutcome>(by, clock, async now =>
            {
                if (await applications.TryChangeAsync(id, change, now) is not { } changed)
                    return new ApplicationOutcome.Unknown();
                await audit.WriteAsync(by, AuditEvents.ApplicationChanged, principal: null, detail: ToAuditText(id, changed.Uid));
                return new ApplicationOutcome.Changed(changed);
            });
        }
        catch (DbException error) when (error.IsUniqueViolation())
        {
            return new ApplicationOutcome.UidInUse();
        }
    }

    /// <returns>False when there is no such application.</returns>
    public Task<bool> TryDeleteAsync(ApplicationKey key, AuditActor by) => store.InTransactionOfAsync(by, clock, async _ =>
    {
        if (await applications.FindAsync(key) is not { } application || !await applications.TryDeleteAsync(application))
            return false;
        await audit.WriteAsync(by, AuditEvents.ApplicationDeleted, principal: null, detail: ToAuditText(application.Id, application.Uid));
        return true;
    });

    private static Application Create(string id, ApplicationDetails details, DateTimeOffset createdAt, DateTimeOffset updatedAt) => new()
    {
        Id = id,
        Uid = details.Uid,
        Name = details.Name,
        Metadata = details.Metadata,
        RateLimit = details.RateLimit,
        CreatedAt = createdAt,
        UpdatedAt = updatedAt,
    };

    private static ApplicationChange ToChange(ApplicationDetails details) => new()
    {
        Name = details.Name,
        SetsUid = true,
        Uid = details.Uid,
        Metadata = details.Metadata,
        SetsRateLimit = true,
        RateLimit = details.RateLimit,
    };

    private static string ToAuditText(string id, string? uid) => uid is null ? id : $"{id} ({uid})";
}
