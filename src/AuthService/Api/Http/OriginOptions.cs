using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>Section <c>Origins</c>: the sites whose pages may use the cookie.</summary>
internal sealed class OriginOptions
{
    public const string Section = "Origins";

    /// <summary>Whole origins (<c>https://app.example.com</c>, <c>http://localhost:3000</c>) or bare host names, which any scheme and port match.</summary>
    public IList<string> Trusted { get; } = [];
}

internal sealed class OriginOptionsValidator : IValidateOptions<OriginOptions>
{
    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        var faults = options.Trusted
            .Select((text, index) => (text, index))
            .Where(entry => WebOrigin.Parse(entry.text) is null && Uri.CheckHostName(entry.text) is UriHostNameType.Unknown)
            .Select(entry => $"{OriginOptions.Section}:Trusted:{entry.index} is neither an origin (https://host[:port]) nor a host name: \"{entry.text}\"")
            .ToList();
        if (options.Trusted.Count == 0)
            faults.Add($"{OriginOptions.Section}:Trusted:0 is missing: without a trusted origin no browser can stay signed in");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
