using AuthService.Sessions;
using AuthService.SignIn;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

/// <summary>Creates the response to a sign-in, for every kind of last step.</summary>
internal sealed class SignInAnswer(RefreshCookie cookie, DeviceCookie deviceCookie)
{
    /// <summary>Sets the cookies of a complete sign-in, and creates the response.</summary>
    /// <returns>Null when the sign-in was refused.</returns>
    public LoginResponse? TryComplete(SignInOutcome outcome, HttpContext context)
    {
        switch (outcome)
        {
            case SignInOutcome.SecondFactorOwed(var challenge):
                return new LoginResponse { Challenge = challenge.Reveal() };
            case SignInOutcome.SignedIn(var started) { Device: var device }:
                var csrfToken = CsrfToken.For(started.RefreshToken);
                if (started.Session.Mode is not SessionMode.Web)
                    return new LoginResponse(started.AccessToken, csrfToken, started.RefreshToken.Reveal());
                cookie.Set(context, started);
                if (device is not null)
                    deviceCookie.Set(context, device);
                return new LoginResponse(started.AccessToken, csrfToken);
            default:
                return null;
        }
    }
}
