using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Api.Http.OpenApi;
using AuthService.Mail;
using AuthService.SignIn;
using AuthService.SignIn.Recovery;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AuthService.Api.Pages;

/// <summary>The routes of the service's own pages: for signing in, for people's sessions, and for magic links.</summary>
internal static class PageEndpoints
{
    private const string PortalPath = "/portal";

    public static readonly IReadOnlyList<string> Paths = [SignInPage.Path, PublicNames.AccountPath, PortalPath, PageFiles.Prefix];

    public static void Map(RouteGroupBuilder pages)
    {
        pages.ExcludeFromDescription();
        pages.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], Welcome);
        pages.MapGet(SignInPage.Path, ShowSignIn);
        pages.MapPost(SignInPage.Path, SignIn).WithMetadata(ChecksPasswords.Metadata, new ErrorFormat(SignInPage.WriteAsync));
        pages.MapGet(SecondStepPage.Path, BeginAgain);
        pages.MapPost(SecondStepPage.Path, AnswerChallenge).WithMetadata(ChecksPasswords.Metadata, new ErrorFormat(SecondStepPage.WriteAsync));
        pages.MapPost(NewPasswordPage.Path, SetNewPassword).WithMetadata(ChecksPasswords.Metadata, new ErrorFormat(NewPasswordPage.WriteAsync));
        pages.MapGet(NewPasswordPage.Path, (string? service, string? publicComputer) => NewPasswordPage.OfLink(service, publicComputer));
        pages.MapGet(ForgottenPasswordPage.Path, (string? service) => new ForgottenPasswordPage(service));
        pages.MapPost(ForgottenPasswordPage.Path, RequestReset).WithMetadata(ChecksPasswords.Metadata, new ErrorFormat(ForgottenPasswordPage.WriteAsync));
        pages.MapGet(MailLinks.ConfirmAddressPath, () => MailLinkPage.ConfirmAddress);
        pages.MapGet(MailLinks.NotMePath, () => MailLinkPage.NotMe);
        pages.MapGet(PublicNames.AccountPath, () => new FixedPage("account"));
        pages.MapGet(PortalPath, () => new FixedPage("portal"));
        pages.MapGet($"{PortalPath}/token", ShowAppToken).RequireAuthorization(Policies.AppTokens);
        pages.MapGet($"{PageFiles.Prefix}/{{version}}/{{name}}", ShowFile);
    }

    /// <summary>Redirects people to their account page, and describes the service to programs.</summary>
    private static Results<RedirectHttpResult, Ok<ServiceDescription>> Welcome(
        HttpContext context, IOptionsMonitor<PublicAddressOptions> address, IOptions<SwaggerOptions> swagger, IHostEnvironment environment)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        return context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase))
            ? TypedResults.Redirect(PublicNames.AccountPath)
            : TypedResults.Ok(ServiceDescription.At(address.CurrentValue.PublicAddress, DocumentsSwitch.IsOn(swagger.Value, environment)));
    }

    private static SignInPage ShowSignIn(string? service, SignInSites sites) => new(service, sites);

    /// <summary>Signs a person in, as <c>/auth/login</c> does for a plain form. Refusals are shown on this page.</summary>
    private static async Task<Results<ReturnPage, SecondStepPage, NewPasswordPage, PageError>> SignIn(
        BoundInput<SignInAttempt, SignInFormReader> form, SignInService signIn, SignInAnswer answer, HttpContext context)
    {
        var outcome = await signIn.SignInAsync(form.Value);
        var service = form.Value.Site.Name;
        return outcome switch
        {
            SignInOutcome.SecondFactorOwed(var challenge) => new SecondStepPage(challenge.Reveal(), form.Value.Site),
            SignInOutcome.PasswordResetRequested(var token) => new NewPasswordPage(token.Reveal(), form.Value.Name.Text, service)
            {
                PublicComputer = form.Value.Site.PublicComputer,
            },
            _ => answer.TryComplete(outcome, context) is { } response
                ? SignedInPage.To(form.Value.Site.Service.Endpoint, response)
                : PageErrors.ToError(outcome, PageErrors.WrongCredentials),
        };
    }

    /// <summary>Its form belongs to a sign-in, so a browser that opens the address without one begins with the first step.</summary>
    private static RedirectHttpResult BeginAgain() => TypedResults.Redirect(SignInPage.Path);

    /// <summary>The second step of a sign-in on a page.</summary>
    private static async Task<Results<ReturnPage, NewPasswordPage, PageError>> AnswerChallenge(
        BoundInput<SecondStepForm, SecondStepFormReader> form, ChallengeAnswerService answers, SignInAnswer answer, ClientInfo client, HttpContext context)
    {
        var (given, site, publicComputer) = form.Value;
        return await answers.AnswerAsync(given.Challenge, given.Code, SignInClients.From(context, given), client.AuditActor, onPage: true) switch
        {
            AnswerOutcome.SignIn(SignInOutcome.PasswordResetRequested(var token), _) => new NewPasswordPage(token.Reveal(), username: null, site)
            {
                PublicComputer = publicComputer,
            },
            AnswerOutcome.SignIn(var outcome, var service) => answer.TryComplete(outcome, context) is { } response
                ? SignedInPage.To(service.Endpoint, response)
                : PageErrors.ToError(outcome, PageErrors.WrongCode),
            AnswerOutcome.Closed(var retryAfter) => PageErrors.CodesClosed(retryAfter),
            AnswerOutcome.KeyMissing => PageErrors.KeyMissing,
            AnswerOutcome.ForApplication => PageErrors.ForApplication,
            _ => PageErrors.WrongCode,
        };
    }

    /// <summary>Sets the password without signing the person in. They type it again at the sign-in, so that a password manager recognises it.</summary>
    private static async Task<Results<SignInPage, BadRequestError, UnavailableError>> SetNewPassword(
        BoundInput<NewPasswordForm, NewPasswordFormReader> form, PasswordResetService resets, ClientInfo client, SignInSites sites)
    {
        var (reset, username, service, publicComputer) = form.Value;
        return await resets.ResetAsync(reset.Token, reset.Next, client.AuditActor, client.HashingCaller) switch
        {
            PasswordResetOutcome.Done => new SignInPage(service, sites)
            {
                Username = username,
                PublicComputer = publicComputer,
                Notice = PageErrors.PasswordSet,
            },
            PasswordResetOutcome.Refused(var fault) => PasswordErrors.PasswordNotAllowed(fault),
            PasswordResetOutcome.Busy => UnavailableError.TooManyPasswords,
            _ => PasswordErrors.InvalidToken,
        };
    }

    /// <summary>Requests a mail for a new password, as the Passwords API does, from a plain form.</summary>
    private static async Task<Results<ForgottenPasswordPage, UnavailableError>> RequestReset(
        BoundInput<ForgottenPasswordForm, ForgottenPasswordFormReader> form, PasswordRecovery recovery, MailAvailability mail, ClientInfo client)
    {
        if (!mail.IsConfigured)
            return UnavailableError.MailNotConfigured;
        await recovery.RequestAsync(form.Value.Address, client.AuditActor);
        return new ForgottenPasswordPage(form.Value.Service) { IsSent = true };
    }

    /// <summary>Describes an app token to its holder, because the token itself does not contain its application.</summary>
    private static Ok<AppTokenDescription> ShowAppToken(AppTokenCaller caller) => TypedResults.Ok(new AppTokenDescription(
        new ApplicationName(caller.Application.Name, caller.Application.Uid ?? caller.Application.Id), caller.Token.ExpireAt, caller.Token.FeatureFlags ?? []));

    private static Results<PageFile, NotFound> ShowFile(string version, string name) =>
        PageFiles.Find(name) is { } file ? file with { IsOfThisVersion = version == PageFiles.Version } : TypedResults.NotFound();
}
