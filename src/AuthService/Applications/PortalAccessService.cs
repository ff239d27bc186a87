using AuthService.Audit;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Applications;

/// <summary>What a service asks a magic link for.</summary>
internal sealed record PortalAccess(ApplicationKey Key)
{
    /// <summary>Of the token in it.</summary>
    public TimeSpan? Lifetime { get; init; }

    public string[]? FeatureFlags { get; init; }

    /// <summary>The caller's own name for a session; an expire-all that names it revokes the token.</summary>
    public string? SessionId { get; init; }

    /// <summary>The application to be made when there is none of that uid yet.</summary>
    public ApplicationDetails? NewApplication { get; init; }
}

internal abstract record PortalAccessOutcome
{
    private PortalAccessOutcome()
    {
    }

    /// <param name="Link">A magic link to the portal with the token in its fragment.</param>
    /// <param name="Token">Shown this once.</param>
    internal sealed record Granted(string Link, AppToken Token) : PortalAccessOutcome;

    internal sealed record UnknownApplication : PortalAccessOutcome;

    /// <summary>The application that is to be made has not the uid that access is asked for.</summary>
    internal sealed record UidDiffers : PortalAccessOutcome;

    /// <summary>No portal is configured.</summary>
    internal sealed record NoPortal : PortalAccessOutcome;
}

/// <summary>Gives out magic links, and makes the application that one is asked for when it comes with the question.</summary>
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
                    : await applications.FindAsync(access.Key); // somebody else was quicker
            }

            if (application is null || await tokens.TryIssueAsync(application, access, by) is not { } token)
                return new PortalAccessOutcome.UnknownApplication();
            return new PortalAccessOutcome.Granted(portal.LinkFor(token, access.FeatureFlags), token);
        }, outcome => outcome is PortalAccessOutcome.Granted);
    }
}
