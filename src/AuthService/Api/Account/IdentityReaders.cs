using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.SignIn.IdentityProviders;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Account;

internal sealed class NewIdentityReader : IInputReader<IdentityProvider>
{
    public static ApiError Unknown => ApiError.BadRequest("provider is the id of a provider in the list");

    public static void Document(EndpointBuilder endpoint) => JsonBody.Document<NewIdentityRequest>(endpoint);

    public static async ValueTask<ReadResult<IdentityProvider>> ReadAsync(HttpContext context)
    {
        var providers = context.RequestServices.GetRequiredService<IOptionsMonitor<IdentityProviderOptions>>().CurrentValue;
        return (await JsonBody.ReadAsync<NewIdentityRequest>(context)).Then<IdentityProvider>(body =>
            body.Provider is { } id && providers.Find(id) is { } provider ? provider : Unknown);
    }
}
