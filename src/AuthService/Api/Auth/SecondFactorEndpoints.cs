using System.Text.Json;
using AuthService.Api.Http;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Api.Http.OpenApi;
using AuthService.Sessions;
using AuthService.SignIn;
using AuthService.SignIn.Passkeys;
using AuthService.SignIn.SecondFactors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Auth;

/// <summary>The routes for second factors, and for proofs of identity within a session (src/AuthService/README.md#second-factors).</summary>
internal static class SecondFactorEndpoints
{
    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapPost("/2fa/challenge", Answer).WithName("answerChallenge").WithExamples(SecondFactorExamples.Answer).WithReceipt()
            .WithSummary("answerChallenge: goes on with a sign-in, or connects an authenticator app, with a code").WithMetadata(ChecksPasswords.Metadata);
        auth.MapPost("/2fa/challenge/form", AnswerForm).WithName("answerChallengeForm").WithExamples(SecondFactorExamples.AnswerForm).WithReceipt()
            .WithSummary("answerChallengeForm: answers a challenge from a form, with a page or with JSON as passwordLogin")
            .WithMetadata(ChecksPasswords.Metadata);

        var users = auth.MapGroup("").RequireAuthorization(Policies.Users);
        users.MapPost("/2fa", CreateCredentials).WithName("createCredentials").WithExamples(SecondFactorExamples.CreateCredentials)
            .WithSummary("createCredentials: starts to connect an authenticator app")
            .WithMetadata(OpenWithoutSecondFactor.Metadata, FreshSignInRequirement.OfFurtherFactor);
        users.MapGet("/2fa/status", Status).WithName("twoFactorStatus").WithExamples(SecondFactorExamples.Status)
            .WithSummary("twoFactorStatus: shows the caller's second factors").WithMetadata(OpenWithoutSecondFactor.Metadata);
        users.MapDelete("/2fa", Remove).WithName("removeSecondFactor").WithExamples(SecondFactorExamples.Remove)
            .WithSummary("Removes the caller's authenticator app and recovery codes").RequireFreshSignIn();
        users.MapPost("/2fa/recovery-codes", ReplaceRecoveryCodes).WithName("replaceRecoveryCodes").WithExamples(SecondFactorExamples.RecoveryCodes)
            .WithSummary("Creates ten recovery codes for the caller; the old ones are void").RequireFreshSignIn();
        users.MapPost("/reauthenticate", Reauthenticate).WithName("reauthenticate").WithExamples(SecondFactorExamples.Reauthenticate)
            .WithSummary("Proves within a session who the caller is, for changes that ask for a fresh proof (RFC 9470)")
            .WithMetadata(ChecksPasswords.Metadata, OpenWithoutSecondFactor.Metadata);
        users.MapPost("/reauthenticate/options", ReauthenticateOptions).WithName("reauthenticateOptions")
            .WithExamples(SecondFactorExamples.ReauthenticateOptions)
            .WithSummary("Returns WebAuthn request options for one of the caller's passkeys, for reauthenticate")
            .WithMetadata(OpenWithoutSecondFactor.Metadata);
    }

    /// <summary>
    /// Begins to connect an authenticator app. Only a second or later factor needs a fresh proof. A caller who already has an app is told that before being
    /// asked for one.
    /// </summary>
    private static async Task<Results<Ok<CredentialsResponse>, BadRequestError, ForbiddenError, UnavailableError, FreshSignInError>> CreateCredentials(
        SecondFactorService factors, FreshSignIn fresh, Caller caller)
    {
        if (caller.Session is not { Actor: null, Session: var session })
            return ForbiddenError.NoOwnSession;
        ApiError? refusal = null;
        var begun = await factors.BeginSetUpAsync(
            caller.Principal, session.Id,
            isEntitled: async () => (refusal = await fresh.FindRefusalAsync(caller, FreshSignInRequirement.OfFurtherFactor)) is null);
        return begun switch
        {
            SetUpOutcome.Begun(var setUp) => TypedResults.Ok(CredentialsResponse.Of(setUp)),
            SetUpOutcome.NotEntitled => new FreshSignInError(refusal!),
            SetUpOutcome.KeyMissing => UnavailableError.EncryptionKeyMissing,
            _ => AuthErrors.AlreadyConnected,
        };
    }

    private static async Task<Results<Ok<LoginResponse>, NoContent, BadRequestError, SignInError>> Answer(
        BoundInput<ChallengeAnswer, ChallengeAnswerReader> input, ChallengeAnswerService answers, SignInAnswer answer, ClientInfo client, HttpContext context)
    {
        var given = input.Value;
        var outcome = await answers.AnswerAsync(given.Challenge, given.Code, SignInClients.From(context, given), client.AuditActor, onPage: false);
        if (outcome is AnswerOutcome.Connected)
            return TypedResults.NoContent();
        return outcome is AnswerOutcome.SignIn(var signIn, _) && answer.TryComplete(signIn, context) is { } response
            ? TypedResults.Ok(response)
            : AuthErrors.ToError(outcome);
    }

    private static async Task<Results<Ok<LoginResponse>, ReturnPage, NoContent, BadRequestError, SignInError>> AnswerForm(
        BoundInput<ChallengeAnswer, ChallengeFormReader> input, ChallengeAnswerService answers, SignInAnswer answer, ClientInfo client, HttpContext context)
    {
        var (given, onPage) = (input.Value, LoginReader.WantsPage(context.Request));
        var outcome = await answers.AnswerAsync(given.Challenge, given.Code, SignInClients.From(context, given), client.AuditActor, onPage);
        if (outcome is AnswerOutcome.Connected)
            return TypedResults.NoContent();
        if (outcome is not AnswerOutcome.SignIn(var signIn, var service) || answer.TryComplete(signIn, context) is not { } response)
            return AuthErrors.ToError(outcome);
        return onPage ? new ReturnPage(service.Endpoint, response) : TypedResults.Ok(response);
    }

    private static async Task<Ok<SecondFactorStatus>> Status(SecondFactorStore factors, IOptionsMonitor<TwoFactorOptions> options, Caller caller)
    {
        var has = await factors.SummarizeAsync(caller.Principal);
        var proofs = caller.Session is { Actor: null, Session: var session } ? has.ProofsIn(session) : [];
        return TypedResults.Ok(new SecondFactorStatus(
            has.HasTotp, options.CurrentValue.IsDemandedOf(caller.Principal), has.RecoveryCodes, has.Passkeys, [.. proofs.Select(NameOf)]));
    }

    private static string NameOf(ProofKind proof) => JsonNamingPolicy.CamelCase.ConvertName($"{proof}");

    private static async Task<Results<NoContent, BadRequestError>> Remove(SecondFactorService factors, Caller caller) =>
        await factors.TryRemoveAsync(caller.Principal, caller.AuditActor) ? TypedResults.NoContent() : AuthErrors.NotConnected;

    private static async Task<Results<Ok<RecoveryCodesResponse>, BadRequestError>> ReplaceRecoveryCodes(SecondFactorService factors, Caller caller) =>
        await factors.ReplaceRecoveryCodesAsync(caller.Principal, caller.AuditActor) is { } codes
            ? TypedResults.Ok(new RecoveryCodesResponse([.. codes.Select(code => code.Reveal())]))
            : AuthErrors.NotConnected;

    private static async Task<Results<Ok<RefreshResponse>, BadRequestError, ForbiddenError, SignInError>> Reauthenticate(
        BoundInput<IdentityProof, IdentityProofReader> proof, ReauthenticationService reauthentication, PasskeyProof passkeys, SecondFactorStore factors,
        Caller caller)
    {
        if (caller.Session is not { Actor: null } owned)
            return ForbiddenError.NoOwnSession;
        var has = await factors.SummarizeAsync(caller.Principal);
        if (FindRefusal(proof.Value, has, owned.Session) is { } refusal)
            return refusal;
        return await (proof.Value switch
        {
            { Password: { } password } => reauthentication.ProveAsync(owned, has, password, caller.AuditActor, caller.HashingCaller),
            { Passkey: { } passkey } => passkeys.ProveAsync(owned, passkey, caller.AuditActor),
            var given => reauthentication.ProveAsync(owned, has, given.Code!, caller.AuditActor),
        }) switch
        {
            ReauthenticationOutcome.Proved(var token) => TypedResults.Ok(new RefreshResponse(token)),
            var refused => AuthErrors.ToError(refused),
        };
    }

    /// <returns>Null when the session accepts this kind of proof.</returns>
    private static BadRequestError? FindRefusal(IdentityProof given, FactorSummary has, Session session)
    {
        var proofs = has.ProofsIn(session);
        if (proofs.Count == 0)
            return AuthErrors.SignInNeeded;
        if (given.Password is not null && !proofs.Contains(ProofKind.Password))
            return AuthErrors.SecondFactorNeeded;
        return given.Code is not null && has.HasTotp && !proofs.Contains(ProofKind.VerificationCode) ? AuthErrors.CodeIsNoProof : null;
    }

    private static async Task<Results<Ok<PasskeyPromptResponse>, ForbiddenError>> ReauthenticateOptions(PasskeyProof passkeys, Caller caller) =>
        caller.Session is { Actor: null } owned
            ? TypedResults.Ok(PasskeyPromptResponse.Of(await passkeys.BeginAsync(owned)))
            : ForbiddenError.NoOwnSession;
}
