using System.ComponentModel.DataAnnotations;
using AuthService.SignIn.IdentityProviders;

namespace AuthService.Api.Account;

/// <summary>An account at an identity provider that the caller signs in with. Times are in milliseconds since 1970.</summary>
/// <param name="Id">The id of the link, as the call that removes it takes it.</param>
/// <param name="Provider">The title of the provider.</param>
/// <param name="Name">The provider's name for the account, such as an e-mail address; null when the provider sent none.</param>
/// <param name="CreatedAt">When the account was linked.</param>
/// <param name="LastUsedAt">When the caller last signed in with it; null when they never did.</param>
internal sealed record IdentityItem(Guid Id, string Provider, string? Name, long CreatedAt, long? LastUsedAt)
{
    public static IdentityItem Of(IdentityLink link) =>
        new(link.Id, link.Provider, link.Name, link.CreatedAt.ToUnixTimeMilliseconds(), link.LastUsedAt?.ToUnixTimeMilliseconds());
}

/// <param name="Id">The provider's id, as the call that adds an account takes it.</param>
/// <param name="Title">The provider's name, to show to people.</param>
internal sealed record AddableProvider(int Id, string Title);

/// <param name="Identities">The linked accounts, oldest first.</param>
/// <param name="Providers">The providers at which the caller can add an account, in the order of the settings.</param>
internal sealed record OwnIdentitiesResponse(IReadOnlyList<IdentityItem> Identities, IReadOnlyList<AddableProvider> Providers);

/// <param name="Provider">The id of one of the providers.</param>
internal sealed record NewIdentityRequest([property: Required] int? Provider);

/// <param name="Location">The address to send the caller's browser to.</param>
internal sealed record NewIdentityResponse(string Location);
