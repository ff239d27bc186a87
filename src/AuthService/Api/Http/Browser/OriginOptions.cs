using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Browser;

/// <summary>Section <c>Origins</c>: the sites with pages that may use the cookie.</summary>
internal sealed class OriginOptions
{
    public const string Section = "Origins";

    /// <summary>
    /// The trusted sites: whole origins (<c>https://app.example.com</c>, <c>capacitor://localhost</c>), or host names, which match http and https on any port.
    /// </summary>
    public IList<string> Trusted { get; } = [];
}

internal sealed class OriginOptionsValidator : IValidateOptions<OriginOptions>
{
    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        for (var i = 0; i < options.Trusted.Count; i++)
        {
            var text = options.Trusted[i];
            if (text.Equals("null", StringComparison.OrdinalIgnoreCase))
                faults.AddError($"{OriginOptions.Section}:Trusted:{i} is \"{text}\", which every page without an origin sends, and which is never trusted");
            else if (WebOrigin.Parse(text) is null && WebOrigin.HostOf(text) is null)
                faults.AddError($"{OriginOptions.Section}:Trusted:{i} is neither an origin (https://host[:port]) nor a host name: \"{text}\"");
        }

        if (options.Trusted.Count == 0)
            faults.AddError($"{OriginOptions.Section}:Trusted:0 is missing: without a trusted origin no browser can stay signed in");
        return faults.Build();
    }
}
