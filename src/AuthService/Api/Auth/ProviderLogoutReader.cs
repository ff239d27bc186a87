using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.SignIn.IdentityProviders;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Auth;

/// <summary>A logout token that is not verified yet, and the provider that the called address belongs to.</summary>
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
