using AuthService.Api.Http.OpenApi;

namespace AuthService.Api.Auth;

/// <summary>The examples of identity providers in the OpenAPI document of the Auth API.</summary>
internal static class IdentityProviderExamples
{
    public static readonly OperationExamples Browse = new()
    {
        Answers =
        {
            ["Two, in the order of the settings"] = new IdentityProvidersResponse(
                [new IdentityProviderItem(1, "Example Corp", "https://id.example.com/logo.svg"), new IdentityProviderItem(2, "University", LogoUrl: null)]),
        },
    };
}
