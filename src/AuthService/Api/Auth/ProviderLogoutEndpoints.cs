using System.Text.Json.Serialization;
using AuthService.Api.Http;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Audit;
using AuthService.SignIn.IdentityProviders;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Auth;

/// <summary>
/// Where identity providers say who has signed out there (OpenID Connect Back-Channel Logout 1.0; src/AuthService/README.md#identity-providers).
/// Errors are written as that says, in section 2.8.
/// </summary>
internal static class ProviderLogoutEndpoints
{
    public static void Map(RouteGroupBuilder auth) =>
        auth.MapPost("/idp/{title}/backchannel-logout", SignOut).ExcludeFromDescription().WithReceipt()
            .WithMetadata(new ErrorPage(ProviderLogoutErrors.WriteAsync));

    private static async Task<Results<Ok, BadRequestError>> SignOut(
        BoundInput<ProviderLogout, ProviderLogoutReader> given, ProviderLogoutService logout, ClientInfo client)
    {
        var (provider, token) = given.Value;
        return await logout.TryEndAsync(provider, token, AuditActor.Service with { IpAddress = client.IpAddress })
            ? TypedResults.Ok()
            : ProviderLogoutErrors.InvalidToken;
    }
}

/// <summary>A logout token, as yet unread, and the provider to whose address it came.</summary>
internal sealed record ProviderLogout(IdentityProvider Provider, string Token);

internal sealed class ProviderLogoutReader : IInputReader<ProviderLogout>
{
    private const string Field = "logout_token";

    public static async ValueTask<ReadResult<ProviderLogout>> ReadAsync(HttpContext context)
    {
        var providers = context.RequestServices.GetRequiredService<IOptionsMonitor<IdentityProviderOptions>>().CurrentValue;
        if (providers.Find($"{context.Request.RouteValues["title"]}") is not { } provider)
            return ApiError.FromStatus(StatusCodes.Status404NotFound);
        if (!context.Request.HasFormContentType)
            return ProviderLogoutErrors.NoToken;
        return (await FormBody.ReadAsync(context)).Then<ProviderLogout>(form =>
            form[Field] is [{ Length: > 0 } token] ? new ProviderLogout(provider, token) : ProviderLogoutErrors.NoToken);
    }
}

internal sealed record ProviderLogoutErrorBody(
    [property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description);

internal static class ProviderLogoutErrors
{
    public static ApiError NoToken => ApiError.BadRequest("logout_token is missing in the form");

    public static BadRequestError InvalidToken => new("This logout token does not hold, or was used before");

    /// <summary>The status is set.</summary>
    public static Task WriteAsync(HttpContext context, ApiError error) => context.Response.WriteAsJsonAsync(
        new ProviderLogoutErrorBody(CodeOf(error.Status), error.Message),
        typeof(ProviderLogoutErrorBody),
        options: null,
        contentType: null,
        CancellationToken.None);

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => "temporarily_unavailable",
        >= StatusCodes.Status500InternalServerError => "server_error",
        _ => "invalid_request",
    };
}
