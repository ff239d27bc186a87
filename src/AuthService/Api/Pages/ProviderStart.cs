using System.Globalization;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Sessions;
using AuthService.SignIn;
using AuthService.SignIn.IdentityProviders;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Pages;

/// <summary>The identity provider of a sign-in, and the login service that it is for.</summary>
internal sealed record ProviderStart(IdentityProvider Provider, ProviderErrand Errand)
{
    public const string Route = "/startLogin";
    public const string Id = "id";

    /// <summary>A flag that the pages of this service set, because they continue with a second step themselves.</summary>
    public const string OnPages = "pages";

    /// <summary>Returns the address that begins the sign-in again.</summary>
    public static string AddressOf(int id, BegunSignIn begun) =>
        AddressOf(id, begun.Service, begun.OnPages, begun.PublicComputer);

    public static string AddressOf(int id, string service, bool onPages, bool publicComputer)
    {
        var route = string.Create(CultureInfo.InvariantCulture, $"{PublicNames.AuthPrefix}{Route}?{Id}={id}");
        var (pages, computer) = (onPages ? $"&{OnPages}=true" : "", publicComputer ? $"&{LoginReader.PublicComputer}=true" : "");
        return $"{route}&{LoginReader.Service}={Uri.EscapeDataString(service)}{pages}{computer}";
    }
}

internal sealed class ProviderStartReader : IInputReader<ProviderStart>
{
    public static ApiError UnknownProvider => ApiError.BadRequest($"{ProviderStart.Id} is not known");

    public static void Document(EndpointBuilder endpoint)
    {
        endpoint.Metadata.Add(new ReadsParameter(ProviderStart.Id, "Of browseIdentityProviders") { IsNumber = true, Required = true });
        endpoint.Metadata.Add(new ReadsParameter(LoginReader.Service, "A login service of the mode Web; the first one when missing"));
        endpoint.Metadata.Add(new ReadsParameter(LoginReader.PublicComputer, "Shortens the session") { IsFlag = true });
    }

    public static ValueTask<ReadResult<ProviderStart>> ReadAsync(HttpContext context) => ValueTask.FromResult(Read(context));

    private static ReadResult<ProviderStart> Read(HttpContext context)
    {
        var (query, services) = (context.Request.Query, context.RequestServices);
        var providers = services.GetRequiredService<IOptionsMonitor<IdentityProviderOptions>>().CurrentValue;
        if (query[ProviderStart.Id] is not [{ } text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || providers.Find(id) is not { } provider)
        {
            return UnknownProvider;
        }

        var sites = services.GetRequiredService<SignInSites>();
        var name = query[LoginReader.Service].ToString() is { Length: > 0 } given ? given : sites.FirstWebName;
        return sites.Find(name, IsOn(LoginReader.PublicComputer)) is { Service.Mode: SessionMode.Web } site
            ? new ProviderStart(provider, new ProviderErrand(site, IsOn(ProviderStart.OnPages)))
            : LoginReader.UnknownService;

        bool IsOn(string flag) => query[flag].ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
    }
}
