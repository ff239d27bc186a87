using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Applications;

/// <summary>Section <c>AppPortal</c>: the portal that magic links lead to.</summary>
internal sealed class AppPortalOptions
{
    public const string Section = "AppPortal";

    /// <summary>An http(s) address without fragment. Without it no magic links are given out. Never taken from the request (CVE-2025-64101).</summary>
    public string? Url { get; set; }

    public string LinkFor(AppToken token, string[]? featureFlags) => Link(Url, token.Reveal(), featureFlags);

    /// <summary>The token stands in the fragment, which no server and no log ever sees.</summary>
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
