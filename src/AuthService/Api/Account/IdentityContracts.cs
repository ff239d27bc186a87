using System.ComponentModel.DataAnnotations;
using AuthService.SignIn.IdentityProviders;

namespace AuthService.Api.Account;

/// <summary>An account at an identity provider that the caller signs in with. Moments are milliseconds since 1970.</summary>
/// <param name="Id">What the other calls take.</param>
/// <param name="Provider">The title of the provider.</param>
/// <param name="Name">What the provider calls it, such as an address; null where it did not say.</param>
/// <param name="CreatedAt">When it was linked.</param>
/// <param name="LastUsedAt">When the caller last signed in with it; null when they never did.</param>
internal sealed record IdentityItem(Guid Id, string Provider, string? Name, long CreatedAt, long? LastUsedAt)
{
    public static IdentityItem Of(IdentityLink link) =>
        new(link.Id, link.Provider, link.Name, link.CreatedAt.ToUnixTimeMilliseconds(), link.LastUsedAt?.ToUnixTimeMilliseconds());
}

/// <param name="Id">What adding takes.</param>
/// <param name="Title">What people know it by.</param>
internal sealed record AddableProvider(int Id, string Title);

/// <param name="Identities">The oldest first.</param>
/// <param name="Providers">At which another can be added, in the order of the settings.</param>
internal sealed record OwnIdentitiesResponse(IReadOnlyList<IdentityItem> Identities, IReadOnlyList<AddableProvider> Providers);

/// <param name="Provider">The id of one of the providers.</param>
internal sealed record NewIdentityRequest([property: Required] int? Provider);

/// <param name="Location">Where to send the browser that asks.</param>
internal sealed record NewIdentityResponse(string Location);
