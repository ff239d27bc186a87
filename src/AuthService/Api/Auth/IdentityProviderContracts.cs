namespace AuthService.Api.Auth;

/// <param name="Responses">In the order of the settings.</param>
internal sealed record IdentityProvidersResponse(IReadOnlyList<IdentityProviderItem> Responses);

/// <param name="Id">For startLogin.</param>
/// <param name="Title">What people know it by.</param>
/// <param name="LogoUrl">A picture of it.</param>
internal sealed record IdentityProviderItem(int Id, string Title, string? LogoUrl);
