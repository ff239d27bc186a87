using AuthService.Api.Http;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals;
using AuthService.SignIn.IdentityProviders;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Admin;

/// <summary>
/// The routes for people's accounts at identity providers (src/AuthService/README.md#administration-api). They also find deleted people, because somebody else
/// can link such an account only after it was removed from them.
/// </summary>
internal static class PrincipalIdentityEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var identities = admin.MapGroup("/principals/{id}/identities").Explains("id", "The person's id, in any letter case");
        identities.MapGet("", List).WithName("listIdentities").WithExamples(PrincipalIdentityExamples.List)
            .WithSummary("Lists the accounts at identity providers that a person signs in with, the oldest first");
        identities.MapDelete("/{identityId}", Remove).WithName("removeIdentity").WithExamples(PrincipalIdentityExamples.Remove).WithReceipt()
            .WithSummary("Removes one of a person's accounts at identity providers and revokes the sessions that came from it").RequireFreshSignIn()
            .Explains("identityId", "As the list names it, a UUID");
        admin.MapGet("/identity-providers", Providers).WithName("listIdentityProviders").WithExamples(PrincipalIdentityExamples.Providers)
            .WithSummary("Lists the configured identity providers, with how many people sign in with each");
    }

    private static async Task<Results<Ok<IReadOnlyList<IdentityResponse>>, NotFoundError>> List(
        string id, PrincipalStore principals, IdentityLinkStore links)
    {
        if (await principals.FindEvenDeletedAsync(id) is not { Type: PrincipalType.Person } person)
            return AdminErrors.UnknownPrincipal;
        var found = await links.ListAsync(person.Number);
        return TypedResults.Ok<IReadOnlyList<IdentityResponse>>([.. found.Select(IdentityResponse.Of)]);
    }

    private static async Task<Results<NoContent, NotFoundError>> Remove(
        string id, string identityId, PrincipalStore principals, IdentityRemoval identities, Caller caller)
    {
        if (await principals.FindEvenDeletedAsync(id) is not { Type: PrincipalType.Person } person)
            return AdminErrors.UnknownPrincipal;
        return await identities.TryRemoveAsync(person, Ids.Read(identityId), caller.AuditActor)
            ? TypedResults.NoContent()
            : AdminErrors.UnknownIdentity;
    }

    private static async Task<Ok<IReadOnlyList<IdentityProviderResponse>>> Providers(
        IdentityLinkStore links, IOptionsMonitor<IdentityProviderOptions> options)
    {
        var (people, providers) = (await links.CountPeopleAsync(), options.CurrentValue);
        return TypedResults.Ok<IReadOnlyList<IdentityProviderResponse>>(
        [
            .. providers.Select(provider => new IdentityProviderResponse(
                providers.IdOf(provider),
                provider.Title,
                provider.Authority,
                people.Where(issuer => provider.HasIssuer(issuer.Key)).Sum(issuer => issuer.Value))),
        ]);
    }
}
