using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

internal sealed class JwtOptionsValidator(IHostEnvironment environment) : IValidateOptions<JwtOptions>
{
    /// <summary>The clock difference that AuthService.Client tolerates: a one-time token may be claimed that long after it expired.</summary>
    private static readonly TimeSpan LongestClockSkew = TimeSpan.FromSeconds(30);

    public ValidateOptionsResult Validate(string? name, JwtOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (!IsStringOrUri(options.Issuer))
        {
            faults.AddError(
                $"{Key(nameof(options.Issuer))} must be the claim \"iss\" of the tokens: a text without a colon, or a URI; it is \"{options.Issuer}\"");
        }

        faults.RequirePositive(Key(nameof(options.AccessTokenLifetime)), options.AccessTokenLifetime);
        faults.RequirePositive(Key(nameof(options.OneTimeTokenLifetime)), options.OneTimeTokenLifetime);
        if (options.ClaimRetention < options.OneTimeTokenLifetime + LongestClockSkew)
        {
            faults.AddError(
                $"{Key(nameof(options.ClaimRetention))} must be at least {LongestClockSkew.TotalSeconds:0} seconds longer than a one-time token lives "
                + $"(others' clocks may be behind), it is {options.ClaimRetention}");
        }

        if (options.SigningKeys.Count == 0)
            faults.AddError($"{Key(nameof(options.SigningKeys))}:0 is missing: without a signing key there are no tokens");
        foreach (var repeated in options.SigningKeys.GroupBy(key => key.KeyId, StringComparer.Ordinal).Where(group => group.Count() > 1))
            faults.AddError($"{Key(nameof(options.SigningKeys))}: the KeyId \"{repeated.Key}\" is given {repeated.Count()} times");
        for (var i = 0; i < options.SigningKeys.Count; i++)
            CheckKey(i, options.SigningKeys[i], faults);
        return faults.Build();
    }

    /// <summary>RFC 7519, section 2: a text with a colon must be a URI.</summary>
    private static bool IsStringOrUri(string text) =>
        text.Length > 0 && text.Trim().Length == text.Length && !text.Any(char.IsControl)
        && (!text.Contains(':', StringComparison.Ordinal) || Uri.TryCreate(text, UriKind.Absolute, out _));

    private static string Key(string setting) => $"{JwtOptions.Section}:{setting}";

    private void CheckKey(int index, SigningKeyOptions key, ValidateOptionsResultBuilder faults)
    {
        var place = $"{Key(nameof(JwtOptions.SigningKeys))}:{index}";
        if (key.KeyId is { Length: 0 or > 128 })
            faults.AddError($"{place}:KeyId must have 1 to 128 characters");
        if (key.RetireAfter <= key.ActiveFrom)
            faults.AddError($"{place}:RetireAfter ({key.RetireAfter:O}) must be later than ActiveFrom ({key.ActiveFrom:O})");
        try
        {
            key.ToKey(environment.ContentRootPath);
        }
        catch (ArgumentException fault)
        {
            faults.AddError($"{place} (KeyId \"{key.KeyId}\") cannot be used: {fault.Message}");
        }
    }
}
