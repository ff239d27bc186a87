namespace AuthService.Api.Http.OpenApi;

/// <summary>
/// Documents in OpenAPI that an operation accepts another bearer credential than an access token. If the operation has a policy, it accepts both.
/// </summary>
/// <param name="Scheme">The name of the security scheme.</param>
/// <param name="Description">The description of the credential.</param>
internal sealed record TakesOtherBearer(string Scheme, string Description)
{
    public static readonly TakesOtherBearer RefreshToken = new(
        "RefreshToken", "A refresh token (`rt_…`), as a sign-in for a service of the mode Application, an extension and /admin/principals give it");

    public static readonly TakesOtherBearer AppToken = new("AppToken", "An app token (`appsk_…`), as the magic links of /api/v1 carry it");

    public static readonly IReadOnlyList<TakesOtherBearer> All = [RefreshToken, AppToken];
}
