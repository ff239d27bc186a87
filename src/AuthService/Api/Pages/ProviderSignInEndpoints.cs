using AuthService.Api.Http;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Api.Http.OpenApi;
using AuthService.SignIn;
using AuthService.SignIn.IdentityProviders;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Pages;

/// <summary>
/// The routes by which a browser goes to an identity provider and returns (src/AuthService/README.md#identity-providers). Errors are shown as a page.
/// </summary>
internal static class ProviderSignInEndpoints
{
    private static readonly OperationExamples Examples = new()
    {
        Refusals = [ProviderStartReader.UnknownProvider, LoginReader.UnknownService, ProviderErrors.Unreachable],
    };

    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapGet(ProviderStart.Route, Start).WithName("startLogin").WithExamples(Examples)
            .WithSummary("startLogin: sends a browser to an identity provider, to sign in there")
            .Produces(StatusCodes.Status302Found)
            .Produces<string>(StatusCodes.Status400BadRequest, "text/html")
            .Produces<string>(StatusCodes.Status429TooManyRequests, "text/html")
            .Produces<string>(StatusCodes.Status503ServiceUnavailable, "text/html")
            .WithMetadata(ChecksPasswords.Metadata, new ErrorFormat(ProviderProblemPage.WriteAsync));
        auth.MapGet("/idp/{title}/callback", Finish).ExcludeFromDescription().WithReceipt()
            .WithMetadata(new ErrorFormat(ProviderProblemPage.WriteAsync));
    }

    private static async Task<Results<ProviderRedirect, PageError>> Start(
        BoundInput<ProviderStart, ProviderStartReader> start, ProviderCeremonies ceremonies, ProviderCookie cookie, HttpContext context)
    {
        var (provider, errand) = start.Value;
        if (await ceremonies.TryBeginSignInAsync(provider, errand) is not var (state, address))
            return ProviderErrors.Unreachable;
        cookie.Add(context, new BegunSignIn(state, errand.Site.Name, errand.OnPages) { PublicComputer = errand.Site.PublicComputer });
        return new ProviderRedirect(address);
    }

    /// <summary>Completes the sign-in. A browser that returns with an expired state is sent to begin again.</summary>
    private static async Task<Results<ComeBackPage, RedirectHttpResult, ReturnPage, SecondStepPage, NewPasswordPage, PageError>> Finish(
        BoundInput<ProviderAnswer, ProviderAnswerReader> given, ProviderSignInService signIn, IdentityLinking linking, SignInAnswer answer, HttpContext context)
    {
        if (given.Value is not { Provider: { } provider, Begun: { } begun } answered)
            return new ComeBackPage();
        var (query, client) = (context.Request.QueryString, SignInClients.From(context));
        context.RequestServices.GetRequiredService<ProviderCookie>().Forget(context, begun);
        if (begun.Links)
            return CompleteLink(await (answered.IsDeclined ? linking.DeclineAsync(begun.State) : linking.FinishAsync(provider, begun.State, query, client)));
        return await (answered.IsDeclined ? signIn.DeclineAsync(begun.State) : signIn.FinishAsync(provider, begun.State, query, client)) switch
        {
            ProviderOutcome.SignIn signedIn => CompleteSignIn(signedIn, answer, context),
            ProviderOutcome.UnknownState => TypedResults.Redirect(ProviderStart.AddressOf(answered.ProviderId, begun)),
            ProviderOutcome.Refused(var reason) => ProviderErrors.Of(reason),
            _ => ProviderErrors.Declined,
        };
    }

    /// <summary>Completes the linking of an account on the account page, where it began.</summary>
    private static Results<ComeBackPage, RedirectHttpResult, ReturnPage, SecondStepPage, NewPasswordPage, PageError> CompleteLink(LinkOutcome outcome) =>
        outcome switch
        {
            LinkOutcome.Linked => TypedResults.Redirect($"{PublicNames.AccountPath}#identity-linked"),
            LinkOutcome.UnknownState => TypedResults.Redirect(PublicNames.AccountPath),
            LinkOutcome.Refused(var reason) => ProviderErrors.Of(reason),
            _ => ProviderErrors.LinkDeclined,
        };

    /// <summary>Completes a sign-in in the same way as one from a plain form.</summary>
    private static Results<ComeBackPage, RedirectHttpResult, ReturnPage, SecondStepPage, NewPasswordPage, PageError> CompleteSignIn(
        ProviderOutcome.SignIn signedIn, SignInAnswer answer, HttpContext context)
    {
        var (outcome, site, onPages) = signedIn;
        return outcome switch
        {
            SignInOutcome.SecondFactorOwed(var challenge) when onPages => new SecondStepPage(challenge.Reveal(), site),
            SignInOutcome.PasswordResetRequested(var token) => new NewPasswordPage(token.Reveal(), username: null, site.Name)
            {
                PublicComputer = site.PublicComputer,
            },
            _ => answer.TryComplete(outcome, context) is { } response
                ? SignedInPage.To(site.Service.Endpoint, response)
                : PageErrors.ToError(outcome, ProviderErrors.NotAllowed),
        };
    }
}
