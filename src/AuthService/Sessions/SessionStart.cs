using AuthService.Principals;
using AuthService.Tokens;

namespace AuthService.Sessions;

/// <summary>What a session is to be made from at a sign-in.</summary>
/// <param name="Principal">Who signed in.</param>
/// <param name="Methods">How (<see cref="AuthenticationMethods"/>).</param>
/// <param name="Mode">How it is refreshed.</param>
/// <param name="Limits">How long it lasts.</param>
internal sealed record SessionStart(Principal Principal, string[] Methods, SessionMode Mode, SessionLimits Limits)
{
    /// <summary>Uses up what was shown, in the transaction that makes the session; without success no session is made.</summary>
    public Func<Task<bool>>? Consume { get; init; }

    /// <summary>Of the session that the same browser had until now, and that ends with this.</summary>
    public RefreshToken? Replaced { get; init; }

    /// <summary>Where somebody signed in whom an identity provider knows.</summary>
    public SsoOrigin? Sso { get; init; }

    public bool PublicComputer { get; init; }

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }

    public string? Location { get; init; }

    public ScopeSet Scopes { get; init; } = ScopeSet.AllWrite;
}

internal enum SessionStartResult
{
    Started,

    /// <summary>Somebody else used up what was shown.</summary>
    UsedUp,

    /// <summary>Somebody changed the person after they were read.</summary>
    PrincipalChanged,
}

/// <summary>At which identity provider somebody signed in.</summary>
/// <param name="Provider">Its title.</param>
/// <param name="Identifier">What it calls them.</param>
internal sealed record SsoOrigin(string Provider, string Identifier)
{
    /// <summary>Its own session, if it says so.</summary>
    public string? SessionId { get; init; }
}
