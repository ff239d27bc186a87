using AuthService.Api.Http.Browser;

namespace AuthService.Api.Pages;

/// <summary>Creates the page that ends a sign-in on the pages of this service. Its script keeps the CSRF token for the account page.</summary>
internal static class SignedInPage
{
    public static ReturnPage To(string endpoint, LoginResponse tokens) => new(endpoint, tokens) { Script = $"{PageFiles.Folder}/return.js" };
}
