using AuthService.Api.Http.OpenApi;

namespace AuthService.Api.Auth;

/// <summary>What the document of the Auth API shows of identity providers.</summary>
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
