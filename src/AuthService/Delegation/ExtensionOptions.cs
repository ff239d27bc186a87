using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Delegation;

/// <summary>Section <c>Extension</c>: the scopes that a service may request when it extends somebody's token.</summary>
internal sealed class ExtensionOptions
{
    public const string Section = "Extension";

    /// <summary>The allowed scopes by the id of the service, in any letter case.</summary>
    public IDictionary<string, string[]> Policies { get; } = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);

    /// <returns>Null when the service may not extend tokens.</returns>
    public ScopeSet? FindPolicy(string principalId) =>
        Policies.TryGetValue(principalId, out var scopes) && ScopeSet.TryParse(scopes, out var policy) ? policy : null;
}

internal sealed class ExtensionOptionsValidator : IValidateOptions<ExtensionOptions>
{
    public ValidateOptionsResult Validate(string? name, ExtensionOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        foreach (var (service, scopes) in options.Policies)
        {
            for (var i = 0; i < scopes.Length; i++)
            {
                if (!Scope.TryParse(scopes[i], out _))
                    faults.AddError($"{ExtensionOptions.Section}:Policies:{service}:{i} is not a scope: \"{scopes[i]}\"");
            }
        }

        return faults.Build();
    }
}
