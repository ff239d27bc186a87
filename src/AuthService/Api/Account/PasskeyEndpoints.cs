using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.SignIn;
using AuthService.SignIn.Passkeys;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Account;

/// <summary>The routes for a person's own passkeys (src/AuthService/README.md#passkeys).</summary>
internal static class PasskeyEndpoints
{
    public static void Map(RouteGroupBuilder passkeys)
    {
        passkeys.MapGet("", List).WithName("listOwnPasskeys").WithExamples(PasskeyAccountExamples.List)
            .WithSummary("Lists the caller's passkeys, the oldest first").WithMetadata(OpenWithoutSecondFactor.Metadata);
        passkeys.MapPost("/options", CreateOptions).WithName("newPasskeyOptions").WithExamples(PasskeyAccountExamples.Options)
            .WithSummary("Returns WebAuthn creation options for a new passkey of the caller")
            .RequireFreshSignIn().WithMetadata(OpenWithoutSecondFactor.Metadata);
        passkeys.MapPost("", Add).WithName("addOwnPasskey").WithExamples(PasskeyAccountExamples.Add)
            .WithSummary("Adds the passkey that the browser created")
            .RequireFreshSignIn().WithMetadata(OpenWithoutSecondFactor.Metadata);
        passkeys.MapPatch("/{id}", Rename).WithName("renameOwnPasskey").WithExamples(PasskeyAccountExamples.Rename)
            .WithSummary("Renames one of the caller's passkeys").Explains("id", "As the list names it, a UUID");
        passkeys.MapDelete("/{id}", Remove).WithName("removeOwnPasskey").WithExamples(PasskeyAccountExamples.Remove)
            .WithSummary("Removes one of the caller's passkeys").RequireFreshSignIn().Explains("id", "As the list names it, a UUID");
    }

    private static async Task<Ok<IReadOnlyList<PasskeyItem>>> List(PasskeyStore passkeys, Caller caller)
    {
        var found = await passkeys.ListAsync(caller.Principal.Number);
        return TypedResults.Ok<IReadOnlyList<PasskeyItem>>([.. found.Select(PasskeyItem.Of)]);
    }

    private static async Task<Results<Ok<PasskeyPromptResponse>, ForbiddenError>> CreateOptions(PasskeyEnrolment enrolment, Caller caller) =>
        caller.Session is { Actor: null } owned
            ? TypedResults.Ok(PasskeyPromptResponse.Of(await enrolment.BeginAsync(owned)))
            : ForbiddenError.NoOwnSession;

    private static async Task<Results<Created<PasskeyItem>, BadRequestError, ForbiddenError, ConflictError>> Add(
        BoundInput<NewPasskey, NewPasskeyReader> made, PasskeyEnrolment enrolment, Caller caller)
    {
        if (caller.Session is not { Actor: null } owned)
            return ForbiddenError.NoOwnSession;
        return await enrolment.CompleteAsync(owned, made.Value.Answer, made.Value.Name, caller.AuditActor) switch
        {
            PasskeyOutcome.Added(var passkey) => TypedResults.Created($"{PublicNames.AccountPath}/passkeys/{passkey.Id}", PasskeyItem.Of(passkey)),
            PasskeyOutcome.Full => AccountErrors.TooManyPasskeys,
            _ => AccountErrors.IncorrectPasskey,
        };
    }

    private static async Task<Results<NoContent, BadRequestError, NotFoundError>> Rename(
        string id, BoundInput<string, PasskeyNameReader> name, PasskeyService passkeys, Caller caller) =>
        await passkeys.TryRenameAsync(caller.Principal, Ids.Read(id), name.Value, caller.AuditActor)
            ? TypedResults.NoContent()
            : AccountErrors.UnknownPasskey;

    private static async Task<Results<NoContent, NotFoundError, ConflictError>> Remove(string id, PasskeyRemoval passkeys, Caller caller) =>
        await passkeys.RemoveAsync(caller.Principal, Ids.Read(id), caller.AuditActor) switch
        {
            WayRemoval.Removed => TypedResults.NoContent(),
            WayRemoval.LastWay => AccountErrors.LastWay,
            _ => AccountErrors.UnknownPasskey,
        };
}
