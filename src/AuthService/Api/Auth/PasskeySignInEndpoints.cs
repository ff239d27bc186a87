using AuthService.Api.Http;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Api.Http.OpenApi;
using AuthService.SignIn;
using AuthService.SignIn.Passkeys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Auth;

/// <summary>The routes for signing in with a passkey (src/AuthService/README.md#passkeys).</summary>
internal static class PasskeySignInEndpoints
{
    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapPost("/passkeys/options", CreateOptions).WithName("passkeyOptions").WithExamples(PasskeySignInExamples.Options)
            .WithSummary("Returns WebAuthn request options for a sign-in with any passkey");
        auth.MapPost("/passkeys/login", Login).WithName("passkeyLogin").WithExamples(PasskeySignInExamples.Login).WithReceipt()
            .WithSummary("Signs a person in with a passkey, which is both factors").WithMetadata(ChecksPasswords.Metadata);
    }

    private static async Task<Results<Ok<PasskeyPromptResponse>, BadRequestError, ForbiddenError>> CreateOptions(
        BoundInput<SignInSite, PasskeyOptionsReader> site, PasskeySignInService signIn) =>
        TypedResults.Ok(PasskeyPromptResponse.Of(await signIn.BeginAsync(site.Value)));

    private static async Task<Results<Ok<LoginResponse>, BadRequestError, SignInError>> Login(
        BoundInput<PasskeyLogin, PasskeyLoginReader> login, PasskeySignInService signIn, SignInAnswer answer, HttpContext context)
    {
        var outcome = await signIn.SignInAsync(login.Value.Answer, login.Value.Site, SignInClients.From(context));
        return answer.TryComplete(outcome, context) is { } response ? TypedResults.Ok(response) : AuthErrors.ToError(outcome);
    }
}
