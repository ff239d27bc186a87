using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Configuration;
using AuthService.Sessions;
using AuthService.SignIn;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Pages;

/// <summary>The page for the second step of a sign-in.</summary>
internal sealed class SecondStepPage(string challenge, string? service, bool publicComputer) : IResult
{
    public const string Path = $"{SignInPage.Path}/second-step";

    public SecondStepPage(string challenge, SignInSite site)
        : this(challenge, site.Name, site.PublicComputer)
    {
    }

    private string? Problem { get; init; }

    /// <summary>Writes the page for every refusal of its form, from a handler or from middleware. The status is already set.</summary>
    public static async Task WriteAsync(HttpContext context, ApiError error)
    {
        var form = await PageErrors.FindFormAsync(context, error);
        var challenge = form?[ChallengeAnswer.ChallengeField].ToString() ?? "";
        var page = new SecondStepPage(challenge, form?[LoginReader.Service].ToString(), form?.IsOn(LoginReader.PublicComputer) ?? false)
        {
            Problem = PageErrors.InWords(error),
        };
        await page.ExecuteAsync(context);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var lasts = httpContext.RequestServices.GetRequiredService<IOptionsMonitor<TwoFactorOptions>>().CurrentValue.TrustDeviceFor;
        return CardPage.WriteAsync(httpContext, "Second step", Problem, pathBase => Content(pathBase, publicComputer ? null : lasts));
    }

    /// <param name="pathBase">The path before every address of this service.</param>
    /// <param name="trust">How long the browser may skip the step; null when it may not.</param>
    private Html Content(string pathBase, TimeSpan? trust) => Html.Of(
        $"""
        <p class="muted">Enter the code that your authenticator app shows now, or one of your recovery codes.</p>
              <p id="{CardPage.ProblemId}" class="problem" role="alert">{Problem}</p>
              <form method="post" action="{pathBase}{Path}">
                <input type="hidden" name="{ChallengeAnswer.ChallengeField}" value="{challenge}">
                <input type="hidden" name="{LoginReader.Service}" value="{service}">
                <label for="code">Code</label>
                <input id="code" name="{ChallengeAnswer.CodeField}" autocomplete="one-time-code" autocapitalize="none" autocorrect="off" spellcheck="false"
                  maxlength="24" required autofocus{CardPage.FaultOf(Problem)}>
                {(publicComputer ? CardPage.OfPublicComputer : null)}
                {(trust is { } lasts ? Choice(lasts) : null)}
                <button class="main">Continue</button>
              </form>
              {CardPage.BackToSignIn(pathBase, service)}
        """);

    private static Html Choice(TimeSpan trust) => Html.Of(
        $"""
        <label class="choice"><input type="checkbox" name="{ChallengeAnswer.TrustField}" value="true">
                  Do not ask here again for {DurationText.ToWords(trust)}</label>
        """);
}

/// <summary>The form of the page.</summary>
internal sealed record SecondStepForm(ChallengeAnswer Answer, string? Service, bool PublicComputer);

internal sealed class SecondStepFormReader : IInputReader<SecondStepForm>
{
    public static async ValueTask<ReadResult<SecondStepForm>> ReadAsync(HttpContext context)
    {
        if (OriginFaults.FindOfSignIn(context) is { } untrusted)
            return untrusted;
        return (await FormBody.ReadRequiredAsync(context)).Then(Check);
    }

    private static ReadResult<SecondStepForm> Check(IFormCollection form)
    {
        var code = form[ChallengeAnswer.CodeField].ToString();
        return ChallengeAnswer.Check(
                form[ChallengeAnswer.ChallengeField].ToString(), code.Length > 0 ? code : null, PageErrors.WrongCode, form.IsOn(ChallengeAnswer.TrustField))
            .Then<SecondStepForm>(answer => new SecondStepForm(answer, form[LoginReader.Service], form.IsOn(LoginReader.PublicComputer)));
    }
}
