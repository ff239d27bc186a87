using AuthService.Api.Http;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals;
using AuthService.SignIn.SecondFactors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>The routes for the second factors of people (src/AuthService/README.md#administration-api).</summary>
internal static class PrincipalFactorEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var factors = admin.MapGroup("/principals/{id}/second-factors").Explains("id", "The person's id, in any letter case");
        factors.MapGet("", Get).WithName("getSecondFactors").WithExamples(OversightExamples.GetSecondFactors)
            .WithSummary("Shows a person's second factors");
        factors.MapDelete("", Remove).WithName("removeSecondFactors").WithExamples(OversightExamples.RemoveSecondFactors).WithReceipt()
            .WithSummary("Removes all second factors of a person and ends their sessions").RequireFreshSignIn();
    }

    private static async Task<Results<Ok<SecondFactorsResponse>, NotFoundError>> Get(string id, PrincipalStore principals, SecondFactorStore factors)
    {
        if (await principals.FindByIdAsync(id) is not { Type: PrincipalType.Person } person)
            return AdminErrors.UnknownPrincipal;
        var has = await factors.SummarizeAsync(person);
        return TypedResults.Ok(new SecondFactorsResponse(has.HasTotp, has.RecoveryCodes, has.Passkeys));
    }

    private static async Task<Results<NoContent, BadRequestError, NotFoundError, ConflictError>> Remove(
        string id, BoundInput<Unfiltered, UnfilteredReader> _, PrincipalStore principals, SecondFactorRemoval removal, Caller caller)
    {
        if (await principals.FindByIdAsync(id) is not { Type: PrincipalType.Person } person)
            return AdminErrors.UnknownPrincipal;
        return await removal.TryRemoveAllAsync(person, caller.AuditActor) ? TypedResults.NoContent() : AdminErrors.ChangedMeanwhile;
    }
}
