using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.SignIn;
using AuthService.SignIn.IdentityProviders;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Account;

/// <summary>The routes for the accounts at identity providers that a person signs in with (src/AuthService/README.md#identity-providers).</summary>
internal static class IdentityEndpoints
{
    public static void Map(RouteGroupBuilder identities)
    {
        identities.MapGet("", List).WithName("listOwnIdentities").WithExamples(IdentityExamples.List)
            .WithSummary("Lists the caller's accounts at identity providers, and the providers where one can be added");
        identities.MapPost("/start", Start).WithName("addOwnIdentity").WithExamples(IdentityExamples.Start)
            .WithSummary("Starts adding an account at an identity provider; returns where the browser goes").RequireFreshSignIn();
        identities.MapDelete("/{id}", Remove).WithName("removeOwnIdentity").WithExamples(IdentityExamples.Remove)
            .WithSummary("Removes one of the caller's accounts at identity providers, unless it is the last way to sign in; sessions stay")
            .RequireFreshSignIn().Explains("id", "As the list names it, a UUID");
    }

    private static async Task<Ok<OwnIdentitiesResponse>> List(
        IdentityLinkStore links, IOptionsMonitor<IdentityProviderOptions> options, Caller caller)
    {
        var (found, providers) = (await links.ListAsync(caller.Principal.Number), options.CurrentValue);
        return TypedResults.Ok(new OwnIdentitiesResponse(
            [.. found.Select(IdentityItem.Of)],
            [.. providers.Select(provider => new AddableProvider(providers.IdOf(provider), provider.Title))]));
    }

    private static async Task<Results<Ok<NewIdentityResponse>, BadRequestError, ForbiddenError>> Start(
        BoundInput<IdentityProvider, NewIdentityReader> provider, ProviderCeremonies ceremonies, ProviderCookie cookie, Caller caller, HttpContext context)
    {
        if (caller.Session is not { Actor: null } owned)
            return ForbiddenError.NoOwnSession;
        if (await ceremonies.TryBeginLinkAsync(provider.Value, owned) is not var (state, address))
            return AccountErrors.ProviderUnreachable;
        cookie.Add(context, new BegunSignIn(state, Service: "", OnPages: true) { Links = true });
        return TypedResults.Ok(new NewIdentityResponse(address));
    }

    private static async Task<Results<NoContent, NotFoundError, ConflictError>> Remove(string id, IdentityLinkService links, Caller caller) =>
        await links.RemoveAsync(caller.Principal, Ids.Read(id), caller.AuditActor) switch
        {
            WayRemoval.Removed => TypedResults.NoContent(),
            WayRemoval.LastWay => AccountErrors.LastWay,
            _ => AccountErrors.UnknownIdentity,
        };
}
