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

/// <summary>What a session is to be made from.</summary>
internal sealed record SessionStart(Principals.Principal Principal, SessionMode Mode, SessionLimits Limits)
{
    public bool PublicComputer { get; init; }

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }

    public ScopeSet Scopes { get; init; } = ScopeSet.AllWrite;
}

/// <summary>What a service is given by extending a token, with a session of its own.</summary>
internal sealed record Delegation(Principals.Principal Principal, Guid? ExtendedFrom, string[] Scopes, string[] ExtendedByChain, TimeSpan AccessTokenLifetime);
