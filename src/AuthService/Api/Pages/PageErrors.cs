using System.Globalization;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.SignIn;
using Microsoft.AspNetCore.Http.Features;

namespace AuthService.Api.Pages;

/// <summary>The refusals of the sign-in pages, and their texts for people.</summary>
internal static class PageErrors
{
    public const string UnknownService = "This address names no site that people sign in to here. Go back to the site that sent you, and try again from there.";

    public const string PasswordSet = "Your new password is set. Sign in with it.";

    public static PageError WrongCredentials => new(Unauthenticated("The user name or the password is not right"));

    public static PageError WrongCode => new(Unauthenticated("The code is not right or was used before, or the sign-in took too long"));

    public static PageError CodesClosed(TimeSpan retryAfter) => new(TooMany(retryAfter, "Too many wrong codes"));

    public static PageError ForApplication => new(ApiError.BadRequest("This sign-in belongs to an application, and goes on there"));

    public static PageError KeyMissing => new(new ApiError(
        StatusCodes.Status503ServiceUnavailable,
        ErrorCodes.Unavailable,
        "Codes of authenticator apps cannot be checked at the moment. Enter a recovery code, or try again later"));

    /// <param name="refused">The outcome that the service refused.</param>
    /// <param name="wrong">The error for all refusals that must look the same.</param>
    public static PageError ToError(SignInOutcome refused, PageError wrong) => refused switch
    {
        SignInOutcome.Locked(var retryAfter) => new PageError(TooMany(retryAfter, "Too many failed sign-ins")),
        SignInOutcome.Busy => new PageError(UnavailableError.TooManyPasswords),
        _ => wrong,
    };

    /// <summary>
    /// Finds the form that was sent, so that the page with the error can show its values again. The browser has them nowhere else. A call that a rate limit
    /// refused was not read yet, and is read here.
    /// </summary>
    /// <returns>Null when it cannot be read.</returns>
    public static async Task<IFormCollection?> FindFormAsync(HttpContext context, ApiError error)
    {
        if (context.Features.Get<IFormFeature>()?.Form is { } read)
            return read;
        if (error.Status is not StatusCodes.Status429TooManyRequests || !context.Request.HasFormContentType)
            return null;
        var form = await FormBody.ReadAsync(context);
        return form.Fault is null ? form.Value : null;
    }

    public static string InWords(ApiError error) => error switch
    {
        { MissingField: LoginReader.Username } => "Enter your user name.",
        { MissingField: LoginReader.Password } => "Enter your password.",
        { MissingField: ChallengeAnswer.CodeField } => "Enter the code.",
        { MissingField: EmailReader.Field } => "Enter your e-mail address.",
        { Code: ErrorCodes.UntrustedOrigin } => "This sign-in did not come from an address that is trusted here. Reload the page and try again.",
        { Code: ErrorCodes.InvalidToken } => "The link is unknown, was used before, or is too old. Ask for another, or sign in again.",
        { RetryAfter: { } wait } => $"{error.Message}. Try again in {InWords(wait)}.",
        _ => $"{error.Message}.",
    };

    private static ApiError Unauthenticated(string message) => new(StatusCodes.Status401Unauthorized, ErrorCodes.Unauthenticated, message);

    private static ApiError TooMany(TimeSpan retryAfter, string message) =>
        new(StatusCodes.Status429TooManyRequests, ErrorCodes.TooManyRequests, message) { RetryAfter = retryAfter };

    /// <summary>Returns a waiting time in words, rounded up.</summary>
    private static string InWords(TimeSpan wait)
    {
        var seconds = (int)Math.Max(1, Math.Ceiling(wait.TotalSeconds));
        return seconds <= 90 ? Count(seconds, "second") : Count((seconds + 59) / 60, "minute");
    }

    private static string Count(int number, string unit) => $"{number.ToString(CultureInfo.InvariantCulture)} {unit}{(number == 1 ? "" : "s")}";
}

/// <summary>A refusal that is shown as a page.</summary>
internal sealed class PageError(ApiError error) : Refusal(error);
