using System.Globalization;
using AuthService.Api.Http;

namespace AuthService.Api.Pages;

/// <summary>The refusals of the sign-in page, and how it says them.</summary>
internal static class PageErrors
{
    public const string UnknownService = "This address names no site that people sign in to here. Go back to the site that sent you, and try again from there.";

    public static UnauthenticatedError WrongCredentials => new("The user name or the password is not right");

    public static TooManyRequestsError Locked(TimeSpan retryAfter) => new(retryAfter, "Too many failed sign-ins");

    /// <param name="error">Whoever found it.</param>
    /// <param name="username">What was typed; null where it was refused unread.</param>
    public static string InWords(ApiError error, string? username) => error switch
    {
        { Status: StatusCodes.Status400BadRequest } when username is "" => "Enter your user name.",
        { Status: StatusCodes.Status400BadRequest } when error.Message == LoginInput.Missing("password").Message => "Enter your password.",
        { Code: ErrorCodes.UntrustedOrigin } => "This sign-in did not come from an address that is trusted here. Open the page anew and try again.",
        { RetryAfter: { } wait } => $"{error.Message}. Try again in {InWords(wait)}.",
        _ => $"{error.Message}.",
    };

    /// <summary>Never less than it is.</summary>
    private static string InWords(TimeSpan wait)
    {
        var seconds = (int)Math.Max(1, Math.Ceiling(wait.TotalSeconds));
        return seconds <= 90 ? Count(seconds, "second") : Count((seconds + 59) / 60, "minute");
    }

    private static string Count(int number, string unit) => $"{number.ToString(CultureInfo.InvariantCulture)} {unit}{(number == 1 ? "" : "s")}";
}
