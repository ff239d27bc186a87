using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Refusals;
using AuthService.Tokens;

namespace AuthService.Api.Pages;

/// <summary>The page that shows what went wrong on the way to an identity provider or back, with a link to try again.</summary>
internal static class ProviderProblemPage
{
    /// <summary>Writes the page for every refusal, from a handler or from middleware. The status is already set.</summary>
    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        var begun = context.RequestServices.GetRequiredService<ProviderCookie>().Find(context.Request, context.Request.Query[ProviderAnswerReader.State]);
        var service = begun?.Service ?? context.Request.Query[LoginReader.Service].ToString();
        var query = service.Length > 0 ? $"?service={Uri.EscapeDataString(service)}" : "";
        var (title, back, words) = begun is { Links: true }
            ? ("Your account", PublicNames.AccountPath, "Back to your account")
            : ("Sign in", $"{SignInPage.Path}{query}", "Back to the sign-in");
        context.Response.Headers.CacheControl = "no-store";
        return CardPage.WriteAsync(context, title, PageErrors.InWords(error), pathBase => Html.Of(
            $"""
            <p id="{CardPage.ProblemId}" class="problem" role="alert">{PageErrors.InWords(error)}</p>
                  <p><a href="{pathBase}{back}">{words}</a></p>
            """));
    }
}

/// <summary>The refusals of sign-ins with identity providers.</summary>
internal static class ProviderErrors
{
    public static ApiError NotBegunHere => ApiError.BadRequest("This sign-in was not begun in this browser, or is over. Start again");

    public static PageError Unreachable => new(ApiError.BadRequest(
        "The identity provider does not answer as it should. Try again later, or sign in another way"));

    public static PageError Declined => new(Forbidden("The identity provider did not sign you in. Try again, or sign in another way"));

    public static PageError LinkDeclined => new(Forbidden("The identity provider did not say who you are. Nothing was added"));

    public static PageError NotAllowed => new(new ApiError(
        StatusCodes.Status401Unauthorized, ErrorCodes.Unauthenticated, "You may not sign in here any more. Ask an administrator"));

    public static PageError Of(RefusalReason reason) => reason switch
    {
        RefusalReason.ProviderUnreachable => Unreachable,
        RefusalReason.AddressTaken => new PageError(Forbidden(
            "Somebody here has the e-mail address that you have at the identity provider. If it is you, sign in as you did before, or ask an administrator")),
        RefusalReason.IdentityTaken => new PageError(new ApiError(
            StatusCodes.Status409Conflict, ErrorCodes.Conflict, "Somebody else here signs in with this account of the identity provider. Nothing was added")),
        RefusalReason.IdentityNotLinked => new PageError(Forbidden("Nobody here belongs to this sign-in. Ask an administrator for an account")),
        _ => new PageError(ApiError.BadRequest(
            "What the identity provider answered cannot be used. Start again, and ask an administrator if that does not help")),
    };

    private static ApiError Forbidden(string message) => new(StatusCodes.Status403Forbidden, ErrorCodes.Forbidden, message);
}
