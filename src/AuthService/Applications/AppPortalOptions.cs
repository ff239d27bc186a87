using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Applications;

/// <summary>Section <c>AppPortal</c>: the portal to which magic links lead.</summary>
internal sealed class AppPortalOptions
{
    public const string Section = "AppPortal";

    /// <summary>
    /// The http(s) address of the portal, without a fragment. Without it no magic links are issued. It is never taken from the request (CVE-2025-64101).
    /// </summary>
    public string? Url { get; set; }

    public string LinkFor(AppToken token, string[]? featureFlags) => Link(Url, token.Reveal(), featureFlags);

    /// <summary>Creates a link. The token is in the fragment, which browsers do not send to servers, so it does not get into their logs.</summary>
    public static string Link(string? url, string token, string[]? featureFlags)
    {
        var flags = featureFlags is { Length: > 0 } ? $"&featureFlags={Uri.EscapeDataString(string.Join(',', featureFlags))}" : "";
        return $"{url}#token={token}{flags}";
    }
}

internal sealed class AppPortalOptionsValidator : IValidateOptions<AppPortalOptions>
{
    public ValidateOptionsResult Validate(string? name, AppPortalOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (!string.IsNullOrEmpty(options.Url)
            && !(Uri.TryCreate(options.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Fragment.Length == 0))
            faults.AddError($"{AppPortalOptions.Section}:Url must be an http(s) address without a fragment, it is \"{options.Url}\"");
        return faults.Build();
    }
}
