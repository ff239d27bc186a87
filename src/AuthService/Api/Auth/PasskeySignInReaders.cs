using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.SignIn;
using AuthService.SignIn.Passkeys;

namespace AuthService.Api.Auth;

/// <summary>Reads the login service that a person is about to sign in for.</summary>
internal sealed class PasskeyOptionsReader : IInputReader<SignInSite>
{
    public static void Document(EndpointBuilder endpoint) => JsonBody.Document<PasskeyOptionsRequest>(endpoint);

    public static async ValueTask<ReadResult<SignInSite>> ReadAsync(HttpContext context) =>
        OriginFaults.FindOfSignIn(context) is { } untrusted
            ? untrusted
            : (await JsonBody.ReadAsync<PasskeyOptionsRequest>(context)).Then(body => FindSite(body.Service, publicComputer: false, context));

    public static ReadResult<SignInSite> FindSite(string? service, bool publicComputer, HttpContext context)
    {
        if (string.IsNullOrEmpty(service))
            return ApiError.Missing(LoginReader.Service);
        return context.RequestServices.GetRequiredService<SignInSites>().Find(service, publicComputer) is { } site ? site : LoginReader.UnknownService;
    }
}

/// <summary>The passkey of a sign-in, and the login service that it is for.</summary>
internal sealed record PasskeyLogin(PasskeyAnswer Answer, SignInSite Site);

internal sealed class PasskeyLoginReader : IInputReader<PasskeyLogin>
{
    public static void Document(EndpointBuilder endpoint) => JsonBody.Document<PasskeyLoginRequest>(endpoint);

    public static async ValueTask<ReadResult<PasskeyLogin>> ReadAsync(HttpContext context) =>
        OriginFaults.FindOfSignIn(context) is { } untrusted
            ? untrusted
            : (await JsonBody.ReadAsync<PasskeyLoginRequest>(context)).Then(body => Check(body, context));

    private static ReadResult<PasskeyLogin> Check(PasskeyLoginRequest body, HttpContext context) =>
        PasskeyOptionsReader.FindSite(body.Service, body.PublicComputer ?? false, context).Then(site =>
            PasskeyAnswers.Check(body.ChallengeId, body.Credential, AuthErrors.IncorrectPasskey).Then<PasskeyLogin>(answer => new PasskeyLogin(answer, site)));
}
