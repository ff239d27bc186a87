using AuthService.Sessions;
using AuthService.Tokens;
using Microsoft.Extensions.Options;
using SessionOptions = AuthService.Sessions.SessionOptions;

namespace AuthService.SignIn;

/// <summary>The login service that somebody signs in to, and the kind of computer.</summary>
/// <param name="Name">The name of the service in the settings.</param>
/// <param name="Service">The settings of the service.</param>
/// <param name="PublicComputer">Whether the computer is public, which shortens the session.</param>
internal sealed record SignInSite(string Name, LoginService Service, bool PublicComputer)
{
    /// <summary>Whether the browser is remembered; a public computer is not, because others use it.</summary>
    public bool RemembersDevices => Service.Mode is SessionMode.Web && !PublicComputer;
}

/// <summary>The client that signs in, as far as it is known.</summary>
internal sealed record SignInClient(string? IpAddress, string? UserAgent, string? Location)
{
    /// <summary>The refresh token from the browser's cookie: the session that the browser had until now.</summary>
    public RefreshToken? RefreshToken { get; init; }

    /// <summary>The device token from the browser's other cookie, which identifies the browser.</summary>
    public DeviceToken? Device { get; init; }

    /// <summary>The browser in words for people, such as "Firefox on Linux".</summary>
    public required string DeviceName { get; init; }

    /// <summary>Whether the person chose to skip the second step on this browser for a while.</summary>
    public bool TrustsDevice { get; init; }
}

/// <summary>The login services that people can sign in for: the configured ones, and the account page of this service.</summary>
internal sealed class SignInSites(
    IOptionsMonitor<LoginServiceOptions> services, IOptionsMonitor<SessionOptions> options, IOptionsMonitor<PublicAddressOptions> address)
{
    /// <summary>The service that leads to the account page, unless a service of this name is configured.</summary>
    private const string Account = "account";

    private string AccountPage => $"{address.CurrentValue.PublicAddress}{PublicNames.AccountPath}";

    /// <summary>The first configured service of the mode Web by name; null when there is none.</summary>
    public string? FirstWebName => WebNames().FirstOrDefault();

    /// <summary>The name of the service whose sign-in returns to the account page; null when a service of that name leads elsewhere.</summary>
    public string? AccountName => WebNames().FirstOrDefault(name => services.CurrentValue[name].Endpoint.TrimEnd('/') == AccountPage)
        ?? (services.CurrentValue.ContainsKey(Account) ? null : Account);

    /// <returns>Null when the service is no longer configured.</returns>
    public SignInSite? Find(string? name, bool publicComputer)
    {
        if (services.CurrentValue.TryGetValue(name ?? "", out var service))
            return new SignInSite(name!, service, publicComputer);
        return name is Account && AccountName is Account
            ? new SignInSite(Account, new LoginService { Endpoint = AccountPage, Mode = SessionMode.Web }, publicComputer)
            : null;
    }

    public SessionLimits LimitsOf(SignInSite site) =>
        SessionLimits.From(options.CurrentValue, site.PublicComputer, site.Service.IdleTimeout, site.Service.Lifetime);

    private IEnumerable<string> WebNames() =>
        services.CurrentValue.Where(entry => entry.Value.Mode is SessionMode.Web).Select(entry => entry.Key).Order(StringComparer.Ordinal);
}
