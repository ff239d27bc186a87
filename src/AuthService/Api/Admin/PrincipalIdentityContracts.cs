using AuthService.SignIn.IdentityProviders;

namespace AuthService.Api.Admin;

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
