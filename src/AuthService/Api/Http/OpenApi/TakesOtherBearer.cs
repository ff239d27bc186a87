namespace AuthService.Api.Http.OpenApi;

/// <summary>Says in the OpenAPI document that an operation takes something else than an access token as bearer; beside one where it asks for one too.</summary>
/// <param name="Scheme">The name of the security scheme.</param>
/// <param name="Description">What is sent.</param>
internal sealed record TakesOtherBearer(string Scheme, string Description)
{
    public static readonly TakesOtherBearer RefreshToken = new(
        "RefreshToken", "A refresh token (`rt_…`), as a sign-in for a service of the mode Application, an extension and /admin/principals give it");

    public static readonly TakesOtherBearer AppToken = new("AppToken", "An app token (`appsk_…`), as the magic links of /api/v1 carry it");

    public static readonly IReadOnlyList<TakesOtherBearer> All = [RefreshToken, AppToken];
}
