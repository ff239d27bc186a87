using AuthService.Api.Http.OpenApi;
using AuthService.SignIn.IdentityProviders;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Auth;

/// <summary>The route that lists the identity providers for a sign-in page (src/AuthService/README.md#identity-providers).</summary>
internal static class IdentityProviderEndpoints
{
    public static void Map(RouteGroupBuilder auth) =>
        auth.MapGet("/browseIdentityProviders", Browse).WithName("browseIdentityProviders").WithExamples(IdentityProviderExamples.Browse)
            .WithSummary("browseIdentityProviders: lists the identity providers that people may sign in with");

    private static Ok<IdentityProvidersResponse> Browse(IOptionsMonitor<IdentityProviderOptions> options)
    {
        var providers = options.CurrentValue;
        return TypedResults.Ok(new IdentityProvidersResponse(
            [.. providers.Select(provider => new IdentityProviderItem(providers.IdOf(provider), provider.Title, provider.LogoUrl))]));
    }
}
