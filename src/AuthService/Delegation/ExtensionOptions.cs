using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Delegation;

/// <summary>Section <c>Extension</c>: which scopes a service may ask for when it extends somebody's token.</summary>
internal sealed class ExtensionOptions
{
    public const string Section = "Extension";

    /// <summary>Scopes by the id of the service, in any letter case.</summary>
    public IDictionary<string, string[]> Policies { get; } = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);

    /// <returns>Null when nothing is allowed to the service.</returns>
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
