using AuthService.Api.Http;
using AuthService.SignIn;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Pages;

/// <summary>The pages that the service itself shows to people: to sign in, to look after their sessions, and where magic links lead.</summary>
internal static class PageEndpoints
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.ExcludeFromDescription();
        pages.MapGet(SignInPage.Path, ShowSignIn);
        pages.MapPost(SignInPage.Path, SignIn).WithMetadata(JudgesPasswords.Metadata, new ErrorPage(SignInPage.WriteAsync));
        pages.MapGet("/account", () => new FixedPage("account"));
        pages.MapGet("/portal", () => new FixedPage("portal"));
        pages.MapGet("/portal/token", ShowAppToken).RequireAuthorization(Policies.AppTokens);
        pages.MapGet($"{PageFiles.Prefix}/{{version}}/{{name}}", ShowFile);
    }

    private static SignInPage ShowSignIn(string? service, IOptionsMonitor<LoginServiceOptions> services) => new(service, services.CurrentValue);

    /// <summary>What <c>/auth/login</c> does for a plain form, but for the refusals, which come as this page.</summary>
    private static async Task<Results<ReturnPage, UnauthenticatedError, TooManyRequestsError>> SignIn(
        SignInForm form, SignInService signIn, RefreshCookie cookie, HttpContext context)
    {
        switch (await signIn.SignInAsync(form.Attempt))
        {
            case SignInOutcome.SignedIn(var started):
                cookie.Set(context, started);
                var tokens = new LoginResponse(started.AccessToken, CsrfToken.For(started.RefreshToken), RefreshToken: null);
                return new ReturnPage(form.Attempt.Service.Endpoint, tokens);
            case SignInOutcome.Locked(var retryAfter):
                return PageErrors.Locked(retryAfter);
            default:
                return PageErrors.WrongCredentials;
        }
    }

    /// <summary>The token alone does not tell its holder which application it is for.</summary>
    private static Ok<AppTokenDescription> ShowAppToken(AppTokenCaller caller) => TypedResults.Ok(new AppTokenDescription(
        new ApplicationName(caller.Application.Name, caller.Application.Uid ?? caller.Application.Id), caller.Token.ExpireAt, caller.Token.FeatureFlags ?? []));

    private static Results<PageFile, NotFound> ShowFile(string version, string name) =>
        PageFiles.Find(name) is { } file ? file with { IsAskedByVersion = version == PageFiles.Version } : TypedResults.NotFound();
}
