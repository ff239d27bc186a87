using AuthService.Principals;
using AuthService.Tokens;

namespace AuthService.Sessions;

/// <summary>The data from which a sign-in starts a session.</summary>
/// <param name="Principal">The person who signed in.</param>
/// <param name="Methods">How the person signed in (<see cref="AuthenticationMethods"/>).</param>
/// <param name="Mode">How the session is refreshed.</param>
/// <param name="Limits">The time limits of the session.</param>
internal sealed record SessionStart(Principal Principal, string[] Methods, SessionMode Mode, SessionLimits Limits)
{
    /// <summary>
    /// Runs in this order in the transaction that creates the session, such as using up a code. When one returns false, nothing is kept and no session
    /// is created. The transaction may be repeated, and its steps with it.
    /// </summary>
    public IReadOnlyList<Func<Task<bool>>> Steps { get; init; } = [];

    /// <summary>The refresh token of the session that the same browser had until now. The new session replaces that one.</summary>
    public RefreshToken? Replaced { get; init; }

    /// <summary>The identity at an identity provider, when the person signed in with one.</summary>
    public SsoOrigin? Sso { get; init; }

    public bool PublicComputer { get; init; }

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }

    public string? Location { get; init; }

    public ScopeSet Scopes { get; init; } = ScopeSet.AllWrite;

    /// <summary>Runs the steps, inside the caller's transaction, until one returns false.</summary>
    public async Task<bool> TryStepsAsync()
    {
        foreach (var step in Steps)
        {
            if (!await step())
                return false;
        }

        return true;
    }
}

internal enum SessionStartResult
{
    Started,

    /// <summary>Another request had consumed the credential.</summary>
    UsedUp,

    /// <summary>The person was changed since they were read.</summary>
    PrincipalChanged,
}

/// <summary>The identity provider with which somebody signed in.</summary>
/// <param name="Provider">The title of the provider.</param>
/// <param name="Identifier">The provider's id of the person.</param>
internal sealed record SsoOrigin(string Provider, string Identifier)
{
    /// <summary>The provider's id of its own session; null when it sent none.</summary>
    public string? SessionId { get; init; }
}

/// <summary>A session that has just been created, with its tokens. The refresh token is shown only once.</summary>
internal sealed record StartedSession(Session Session, RefreshToken RefreshToken, string AccessToken);
