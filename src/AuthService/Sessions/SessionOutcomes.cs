using AuthService.Principals;
using AuthService.Tokens;

namespace AuthService.Sessions;

internal abstract record RefreshOutcome
{
    private RefreshOutcome()
    {
    }

    internal sealed record Refreshed(string AccessToken) : RefreshOutcome;

    /// <summary>Unknown, ended, suspended or meant for the other door: the caller learns no more than that.</summary>
    internal sealed record Refused : RefreshOutcome;
}

internal abstract record OpenOutcome
{
    private OpenOutcome()
    {
    }

    internal sealed record Opened(OwnedSession Owned) : OpenOutcome;

    internal sealed record UnknownUser : OpenOutcome;

    internal sealed record UserNotEnabled : OpenOutcome;

    internal sealed record AgreementRequested : OpenOutcome;

    internal sealed record PasswordResetRequested : OpenOutcome;

    /// <summary>The cookie domain is not among the configured ones.</summary>
    internal sealed record InvalidCookieDomain : OpenOutcome;
}

internal abstract record AccessOutcome
{
    private AccessOutcome()
    {
    }

    internal sealed record Granted : AccessOutcome;

    internal sealed record UnknownSession : AccessOutcome;

    /// <summary>Nobody configured a product of this name.</summary>
    internal sealed record UnknownProduct : AccessOutcome;

    internal sealed record NotEnabled : AccessOutcome;

    /// <summary>The person uses the product in as many sessions as they may.</summary>
    internal sealed record LimitReached : AccessOutcome;
}

/// <summary>What a session is to be made from at a sign-in.</summary>
internal sealed record SessionStart(Principal Principal, SessionMode Mode, SessionLimits Limits)
{
    public bool PublicComputer { get; init; }

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }

    public string? Location { get; init; }

    public ScopeSet Scopes { get; init; } = ScopeSet.AllWrite;
}

/// <summary>What an internal service asks for when it opens a session for somebody.</summary>
internal sealed record SessionOpening(Guid UserUuid)
{
    /// <summary>Otherwise it stays NEW and is of no use until it is enabled.</summary>
    public bool Enable { get; init; } = true;

    public string? SsoProvider { get; init; }

    public string? SsoIdentifier { get; init; }

    public bool PublicComputer { get; init; }

    public bool MobileDevice { get; init; }

    public string? CookieDomain { get; init; }
}

/// <summary>What a service is given by extending a token, with a session of its own.</summary>
internal sealed record Delegation(Principal Principal, Guid? ExtendedFrom, string[] Scopes, string[] ExtendedByChain, TimeSpan AccessTokenLifetime);
