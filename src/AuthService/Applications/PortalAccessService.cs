using AuthService.Audit;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Applications;

/// <summary>The request of a service for a magic link.</summary>
internal sealed record PortalAccess(ApplicationKey Key)
{
    /// <summary>The lifetime of the token in the link; null for the usual one.</summary>
    public TimeSpan? Lifetime { get; init; }

    public string[]? FeatureFlags { get; init; }

    /// <summary>The caller's own id of a session; an expire-all with this id revokes the token.</summary>
    public string? SessionId { get; init; }

    /// <summary>The application to create when there is none with this uid yet.</summary>
    public ApplicationDetails? NewApplication { get; init; }
}

internal abstract record PortalAccessOutcome
{
    private PortalAccessOutcome()
    {
    }

    /// <param name="Link">The magic link to the portal, with the token in its fragment.</param>
    /// <param name="Token">The token, which is shown only once.</param>
    internal sealed record Granted(string Link, AppToken Token) : PortalAccessOutcome;

    internal sealed record UnknownApplication : PortalAccessOutcome;

    /// <summary>The new application has another uid than the one in the request for access.</summary>
    internal sealed record UidDiffers : PortalAccessOutcome;

    /// <summary>No portal is configured.</summary>
    internal sealed record NoPortal : PortalAccessOutcome;
}

/// <summary>Issues magic links, and creates the application when the request contains its details.</summary>
internal sealed class PortalAccessService(
    Store store, ApplicationStore applications, ApplicationService maker, AppTokenService tokens, IOptionsMonitor<AppPortalOptions> options)
{
    public async Task<PortalAccessOutcome> GrantAsync(PortalAccess access, AuditActor by)
    {
        var portal = options.CurrentValue;
        if (string.IsNullOrEmpty(portal.Url))
            return new PortalAccessOutcome.NoPortal();
        return await store.InTransactionAsync<PortalAccessOutcome>(async () =>
        {
            var application = await applications.FindAsync(access.Key);
            if (application is null && access.NewApplication is { } details)
            {
                if (details.Uid != access.Key.Text)
                    return new PortalAccessOutcome.UidDiffers();
                application = await maker.CreateAsync(details, by) is ApplicationOutcome.Created(var created)
                    ? created
                    : await applications.FindAsync(access.Key); // another request has created it
            }

            if (application is null || await tokens.TryIssueAsync(application, access, by) is not { } token)
                return new PortalAccessOutcome.UnknownApplication();
            return new PortalAccessOutcome.Granted(portal.LinkFor(token, access.FeatureFlags), token);
        }, outcome => outcome is PortalAccessOutcome.Granted);
    }
}
