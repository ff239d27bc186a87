using AuthService.SignIn.IdentityProviders;

namespace AuthService.Api.Admin;

/// <summary>An account at an identity provider that a person signs in with.</summary>
/// <param name="Id">The id to remove the link by.</param>
/// <param name="Provider">The provider's title at the time when the account was linked.</param>
/// <param name="Issuer">The provider's issuer identifier.</param>
/// <param name="Subject">The provider's id for the person.</param>
/// <param name="Name">A name of the account that people recognise; null when the provider sent none.</param>
/// <param name="CreatedAt">When the account was linked.</param>
/// <param name="LastUsedAt">When the person last signed in with the account; null when they never did.</param>
internal sealed record IdentityResponse(
    Guid Id, string Provider, string Issuer, string Subject, string? Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    public static IdentityResponse Of(IdentityLink link) =>
        new(link.Id, link.Provider, link.Issuer, link.Subject, link.Name, link.CreatedAt, link.LastUsedAt);
}

/// <param name="Id">The provider's id, as browseIdentityProviders lists it.</param>
/// <param name="Title">The provider's name, to show to people.</param>
/// <param name="Authority">The provider's issuer identifier.</param>
/// <param name="People">The number of people who sign in with the provider.</param>
internal sealed record IdentityProviderResponse(int Id, string Title, string Authority, int People);
