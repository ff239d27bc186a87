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

internal sealed class SignInSites(IOptionsMonitor<LoginServiceOptions> services, IOptionsMonitor<SessionOptions> options)
{
    /// <returns>Null when the service is no longer configured.</returns>
    public SignInSite? Find(string? name, bool publicComputer) =>
        services.CurrentValue.TryGetValue(name ?? "", out var service) ? new SignInSite(name!, service, publicComputer) : null;

    public SessionLimits LimitsOf(SignInSite site) =>
        SessionLimits.From(options.CurrentValue, site.PublicComputer, site.Service.IdleTimeout, site.Service.Lifetime);
}
