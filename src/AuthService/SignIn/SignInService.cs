using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;
using Microsoft.Extensions.Options;
using SessionOptions = AuthService.Sessions.SessionOptions;

namespace AuthService.SignIn;

/// <summary>The password door.</summary>
internal sealed class SignInService(
    Lockout lockout, PrincipalStore principals, PasswordHashing hashing, SessionService sessions, IOptionsMonitor<SessionOptions> options)
{
    public async Task<SignInOutcome> SignInAsync(SignInAttempt attempt)
    {
        var deed = new Deed(Actor: null, attempt.IpAddress);
        if (await lockout.TryBeginAsync(attempt.Name) is { } retryAfter)
        {
            await lockout.ReportLockedAsync(attempt.Name, deed);
            return new SignInOutcome.Locked(retryAfter);
        }

        var principal = await principals.FindByNameAsync(attempt.Name);
        var maySignIn = principal is { Type: PrincipalType.Person, State: PrincipalState.Enabled };
        var check = await hashing.CheckAsync(attempt.Password, maySignIn ? principal!.PasswordHash : null);
        if (!check.Matches)
        {
            await lockout.ReportFailureAsync(attempt.Name, principal?.Id, deed);
            return new SignInOutcome.Refused();
        }

        await lockout.ReportSuccessAsync(attempt.Name);
        if (check.UpgradedHash is { } stronger)
            await principals.ReplaceHashAsync(principal!, stronger);
        return new SignInOutcome.SignedIn(await sessions.StartAsync(StartOf(attempt, principal!), deed));
    }

    private SessionStart StartOf(SignInAttempt attempt, Principal principal)
    {
        var limits = SessionLimits.From(options.CurrentValue, attempt.PublicComputer, attempt.Service.IdleTimeout, attempt.Service.Lifetime);
        return new SessionStart(principal, attempt.Service.Mode, limits)
        {
            PublicComputer = attempt.PublicComputer,
            IpAddress = attempt.IpAddress,
            UserAgent = attempt.UserAgent,
            Location = attempt.Location,
        };
    }
}
