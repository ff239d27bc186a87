using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Input;
using AuthService.SignIn.IdentityProviders;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Pages;

/// <summary>With what a browser comes back from a provider; it is read once the browser has come back from here as well (<see cref="ComeBackPage"/>).</summary>
/// <param name="Provider">To whose callback it came.</param>
/// <param name="ProviderId">For startLogin.</param>
/// <param name="Begun">The sign-in that it is for, which this browser began.</param>
internal sealed record ProviderAnswer(IdentityProvider? Provider, int ProviderId, BegunSignIn? Begun)
{
    /// <summary>The provider did not sign them in.</summary>
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
