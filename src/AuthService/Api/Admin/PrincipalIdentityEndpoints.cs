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
/// Who people are at identity providers (src/AuthService/README.md#administration-api). Also of deleted people: an account of theirs is free for somebody
/// else only once it is removed.
/// </summary>
internal static class PrincipalIdentityEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var identities = admin.MapGroup("/principals/{id}/identities").Explains("id", "The person's id, in any letter case");
        identities.MapGet("", List).WithName("listIdentities").WithExamples(PrincipalIdentityExamples.List)
            .WithSummary("The accounts at identity providers that a person signs in with, the oldest first");
        identities.MapDelete("/{identityId}", Remove).WithName("removeIdentity").WithExamples(PrincipalIdentityExamples.Remove).WithReceipt()
            .WithSummary("Removes one of them and ends the sessions that came of it").RequireFreshSignIn()
            .Explains("identityId", "As the list names it, a UUID");
        admin.MapGet("/identity-providers", Providers).WithName("listIdentityProviders").WithExamples(PrincipalIdentityExamples.Providers)
            .WithSummary("The identity providers as configured, with how many people sign in with each");
    }

    private static async Task<Results<Ok<IReadOnlyList<IdentityResponse>>, NotFoundError>> List(
        string id, PrincipalStore principals, IdentityRemoval identities)
    {
        if (await principals.FindEvenDeletedAsync(id) is not { Type: PrincipalType.Person } person)
            return AdminErrors.UnknownPrincipal;
        var found = await identities.ListAsync(person);
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
        IdentityRemoval identities, IOptionsMonitor<IdentityProviderOptions> options)
    {
        var (people, providers) = (await identities.CountPeopleAsync(), options.CurrentValue);
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

/// <summary>An account at an identity provider that a person signs in with.</summary>
/// <param name="Id">By which it is removed.</param>
/// <param name="Provider">The title that the provider had when it was linked.</param>
/// <param name="Issuer">The provider's name of itself.</param>
/// <param name="Subject">What it calls the person.</param>
/// <param name="Name">What people know the account by; null where the provider did not say.</param>
/// <param name="CreatedAt">When it was linked.</param>
/// <param name="LastUsedAt">When the person last signed in with it; null when they never did.</param>
internal sealed record IdentityResponse(
    Guid Id, string Provider, string Issuer, string Subject, string? Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    public static IdentityResponse Of(IdentityLink link) =>
        new(link.Id, link.Provider, link.Issuer, link.Subject, link.Name, link.CreatedAt, link.LastUsedAt);
}

/// <param name="Id">Of browseIdentityProviders.</param>
/// <param name="Title">What people know it by.</param>
/// <param name="Authority">Its issuer.</param>
/// <param name="People">How many people sign in with it.</param>
internal sealed record IdentityProviderResponse(int Id, string Title, string Authority, int People);

/// <summary>What the document shows of them.</summary>
internal static class PrincipalIdentityExamples
{
    private const string Issuer = "https://id.example.com";

    public static readonly OperationExamples List = new()
    {
        Answers =
        {
            ["One"] = new[]
            {
                new IdentityResponse(
                    new("0199b2e9-61c8-7f0b-a2d4-9c3e5b7a1f60"), "Example Corp", Issuer, "248289761001", ExampleValues.Email,
                    ExampleValues.Moment, ExampleValues.Moment.AddHours(2)),
            },
        },
        Refusals = [AdminErrors.UnknownPrincipal],
    };

    public static readonly OperationExamples Remove = new() { Refusals = [AdminErrors.UnknownPrincipal, AdminErrors.UnknownIdentity] };

    public static readonly OperationExamples Providers = new()
    {
        Answers = { ["One"] = new[] { new IdentityProviderResponse(1, "Example Corp", Issuer, People: 240) } },
    };
}
