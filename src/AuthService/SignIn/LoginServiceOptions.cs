using AuthService.Sessions;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn;

/// <summary>Section <c>LoginServices</c>: the sites that people sign in for, by name.</summary>
internal sealed class LoginServiceOptions : Dictionary<string, LoginService>
{
    public const string Section = "LoginServices";

    public LoginServiceOptions()
        : base(StringComparer.Ordinal)
    {
    }
}

internal sealed class LoginService
{
    /// <summary>The page to which people return after they signed in.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary><c>Web</c> keeps the refresh token in a cookie, <c>Application</c> hands it over.</summary>
    public SessionMode Mode { get; set; }

    /// <summary>In place of <c>Sessions:IdleTimeout</c>.</summary>
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>In place of <c>Sessions:Lifetime</c>.</summary>
    public TimeSpan? Lifetime { get; set; }
}

internal sealed class LoginServiceOptionsValidator : IValidateOptions<LoginServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, LoginServiceOptions options)
    {
        var faults = new List<string>();
        if (options.Count == 0)
            faults.Add($"{LoginServiceOptions.Section}:NAME:Endpoint is missing: without a login service nobody can sign in");
        foreach (var (key, service) in options)
        {
            if (!Uri.TryCreate(service.Endpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
                faults.Add($"{LoginServiceOptions.Section}:{key}:Endpoint must be an http(s) address, it is \"{service.Endpoint}\"");
            if (service.IdleTimeout <= TimeSpan.Zero)
                faults.Add($"{LoginServiceOptions.Section}:{key}:IdleTimeout must be longer than zero, it is {service.IdleTimeout}");
            if (service.Lifetime <= TimeSpan.Zero)
                faults.Add($"{LoginServiceOptions.Section}:{key}:Lifetime must be longer than zero, it is {service.Lifetime}");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
