using AuthService.Principals;
using AuthService.Sessions;

namespace AuthService.SignIn;

internal abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    internal sealed record SignedIn(StartedSession Started) : SignInOutcome;

    /// <summary>Unknown, wrong, disabled or without a password: the caller must not be able to tell.</summary>
    internal sealed record Refused : SignInOutcome;

    internal sealed record Locked(TimeSpan RetryAfter) : SignInOutcome;
}

/// <summary>What somebody typed, for which site, and from where.</summary>
internal sealed record SignInAttempt(PrincipalName Name, Password Password, LoginService Service)
{
    public bool PublicComputer { get; init; }

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }

    public string? Location { get; init; }
}
