using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Input;
using AuthService.SignIn.IdentityProviders;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Pages;

/// <summary>
/// The request with which a browser returns from a provider. It is read only after the browser has come through <see cref="ComeBackPage"/> as well.
/// </summary>
/// <param name="Provider">The provider of the called address; null before the browser has come through that page.</param>
/// <param name="ProviderId">The provider's id, as startLogin takes it.</param>
/// <param name="Begun">The sign-in that this browser began; null before the browser has come through that page.</param>
internal sealed record ProviderAnswer(IdentityProvider? Provider, int ProviderId, BegunSignIn? Begun)
{
    /// <summary>Whether the provider did not sign the person in.</summary>
    public bool IsDeclined { get; init; }
}

internal sealed class ProviderAnswerReader : IInputReader<ProviderAnswer>
{
    public const string State = "state";

    private const string Error = "error";

    public static ValueTask<ReadResult<ProviderAnswer>> ReadAsync(HttpContext context) => ValueTask.FromResult(Read(context));

    private static ReadResult<ProviderAnswer> Read(HttpContext context)
    {
        var (request, services) = (context.Request, context.RequestServices);
        if (!ComeBackPage.IsBack(request))
            return new ProviderAnswer(Provider: null, ProviderId: 0, Begun: null);
        var providers = services.GetRequiredService<IOptionsMonitor<IdentityProviderOptions>>().CurrentValue;
        return providers.Find($"{request.RouteValues["title"]}") is { } provider
            && services.GetRequiredService<ProviderCookie>().Find(request, request.Query[State]) is { } begun
                ? new ProviderAnswer(provider, providers.IdOf(provider), begun) { IsDeclined = request.Query.ContainsKey(Error) }
                : ProviderErrors.NotBegunHere;
    }
}
