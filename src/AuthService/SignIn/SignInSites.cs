using AuthService.Sessions;
using AuthService.Tokens;
using Microsoft.Extensions.Options;
using SessionOptions = AuthService.Sessions.SessionOptions;

namespace AuthService.SignIn;

/// <summary>For which login service somebody signs in, and on what kind of computer.</summary>
/// <param name="Name">Of the service in the settings.</param>
/// <param name="Service">Its settings.</param>
/// <param name="PublicComputer">Shortens the session.</param>
internal sealed record SignInSite(string Name, LoginService Service, bool PublicComputer)
{
    /// <summary>Whether the browser may be known from now on; a public computer is anybody's.</summary>
    public bool RemembersDevices => Service.Mode is SessionMode.Web && !PublicComputer;
}

/// <summary>What is known of the client that signs in.</summary>
internal sealed record SignInClient(string? IpAddress, string? UserAgent, string? Location)
{
    /// <summary>Of the browser's cookie: the session that it had until now.</summary>
    public RefreshToken? RefreshToken { get; init; }

    /// <summary>Of the browser's other cookie: what it is recognized by.</summary>
    public DeviceToken? Device { get; init; }

    /// <summary>For people: "Firefox on Linux".</summary>
    public required string DeviceName { get; init; }

    /// <summary>Asks for no second step at this browser for a while.</summary>
    public bool TrustsDevice { get; init; }
}

internal sealed class SignInSites(IOptionsMonitor<LoginServiceOptions> services, IOptionsMonitor<SessionOptions> options)
{
    /// <returns>Null when the service is no longer configured.</returns>
    public SignInSite? Find(string? name, bool publicComputer) =>
        services.CurrentValue.TryGetValue(name ?? "", out var service) ? new SignInSite(name!, service, publicComputer) : null;

    public SessionLimits LimitsOf(SignInSite site) =>
        SessionLimits.From(options.CurrentValue, site.PublicComputer, site.Service.IdleTimeout, site.Service.Lifetime);
}
