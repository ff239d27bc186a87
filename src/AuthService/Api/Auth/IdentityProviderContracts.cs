namespace AuthService.Api.Auth;

/// <param name="Responses">The identity providers, in the order of the settings.</param>
internal sealed record IdentityProvidersResponse(IReadOnlyList<IdentityProviderItem> Responses);

/// <param name="Id">The provider's id, as startLogin takes it.</param>
/// <param name="Title">The provider's name, to show to people.</param>
/// <param name="LogoUrl">The address of the provider's logo; null when there is none.</param>
internal sealed record IdentityProviderItem(int Id, string Title, string? LogoUrl);
