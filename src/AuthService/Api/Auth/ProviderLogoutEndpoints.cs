using AuthService.Api.Http;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Audit;
using AuthService.SignIn.IdentityProviders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Auth;

/// <summary>
/// The route at which an identity provider reports that a person has signed out there (OpenID Connect Back-Channel Logout 1.0;
/// src/AuthService/README.md#identity-providers). Its errors have the format of section 2.8.
/// </summary>
internal static class ProviderLogoutEndpoints
{
    public static void Map(RouteGroupBuilder auth) =>
        auth.MapPost("/idp/{title}/backchannel-logout", SignOut).ExcludeFromDescription().WithReceipt()
            .WithMetadata(new ErrorFormat(ProviderLogoutErrors.WriteAsync));

    private static async Task<Results<Ok, BadRequestError>> SignOut(
        BoundInput<ProviderLogout, ProviderLogoutReader> given, ProviderLogoutService logout, ClientInfo client)
    {
        var (provider, token) = given.Value;
        return await logout.TrySignOutAsync(provider, token, AuditActor.Service with { IpAddress = client.IpAddress })
            ? TypedResults.Ok()
            : ProviderLogoutErrors.InvalidToken;
    }
}
