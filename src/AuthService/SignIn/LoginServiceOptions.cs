using AuthService.Configuration;
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
    [Duration("1830.00:00:00")]
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>In place of <c>Sessions:Lifetime</c>.</summary>
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
