using AuthService.Configuration;
using AuthService.Sessions;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn;

/// <summary>Section <c>LoginServices</c>: the sites that people sign in to, by name.</summary>
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

    /// <summary><c>Web</c> keeps the refresh token in a cookie; <c>Application</c> gives it to the application.</summary>
    public SessionMode Mode { get; set; }

    /// <summary>Overrides <c>Sessions:IdleTimeout</c> for this service.</summary>
    [Duration("1830.00:00:00")]
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>Overrides <c>Sessions:Lifetime</c> for this service.</summary>
    [Duration("1830.00:00:00")]
    public TimeSpan? Lifetime { get; set; }
}

internal sealed class LoginServiceOptionsValidator : IValidateOptions<LoginServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, LoginServiceOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (options.Count == 0)
            faults.AddError($"{LoginServiceOptions.Section}:NAME:Endpoint is missing: without a login service nobody can sign in");
        foreach (var (key, service) in options)
        {
            if (!Uri.TryCreate(service.Endpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
                faults.AddError($"{LoginServiceOptions.Section}:{key}:Endpoint must be an http(s) address, it is \"{service.Endpoint}\"");
            faults.RequirePositive($"{LoginServiceOptions.Section}:{key}:{nameof(service.IdleTimeout)}", service.IdleTimeout);
            faults.RequirePositive($"{LoginServiceOptions.Section}:{key}:{nameof(service.Lifetime)}", service.Lifetime);
        }

        return faults.Build();
    }
}
