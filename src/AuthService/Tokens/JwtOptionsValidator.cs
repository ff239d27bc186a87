using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

internal sealed class JwtOptionsValidator(IHostEnvironment environment) : IValidateOptions<JwtOptions>
{
    public ValidateOptionsResult Validate(string? name, JwtOptions options)
    {
        var faults = new List<string>();
        if (!Uri.TryCreate(options.Issuer, UriKind.Absolute, out var issuer) || issuer.Scheme is not ("http" or "https"))
            faults.Add($"{Key(nameof(options.Issuer))} must be the public http(s) address of this service, it is \"{options.Issuer}\"");
        RequirePositive(options.AccessTokenLifetime, nameof(options.AccessTokenLifetime), faults);
        RequirePositive(options.OneTimeTokenLifetime, nameof(options.OneTimeTokenLifetime), faults);
        if (options.ClaimRetention <= options.OneTimeTokenLifetime)
            faults.Add($"{Key(nameof(options.ClaimRetention))} must be longer than a one-time token lives, it is {options.ClaimRetention}");
        if (options.SigningKeys.Count == 0)
            faults.Add($"{Key(nameof(options.SigningKeys))}:0 is missing: without a signing key there are no tokens");
        foreach (var repeated in options.SigningKeys.GroupBy(key => key.KeyId, StringComparer.Ordinal).Where(group => group.Count() > 1))
            faults.Add($"{Key(nameof(options.SigningKeys))}: the KeyId \"{repeated.Key}\" is given {repeated.Count()} times");
        for (var i = 0; i < options.SigningKeys.Count; i++)
            CheckKey(i, options.SigningKeys[i], faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static string Key(string setting) => $"{JwtOptions.Section}:{setting}";

    private static void RequirePositive(TimeSpan value, string setting, List<string> faults)
    {
        if (value <= TimeSpan.Zero)
            faults.Add($"{Key(setting)} must be longer than zero, it is {value}");
    }

    private void CheckKey(int index, SigningKeyOptions key, List<string> faults)
    {
        var place = $"{Key(nameof(JwtOptions.SigningKeys))}:{index}";
        if (key.KeyId is { Length: 0 or > 128 })
            faults.Add($"{place}:KeyId must have 1 to 128 characters");
        if (key.RetireAfter <= key.ActiveFrom)
            faults.Add($"{place}:RetireAfter ({key.RetireAfter:O}) must be later than ActiveFrom ({key.ActiveFrom:O})");
        try
        {
            SigningKey.Read(key, environment.ContentRootPath);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"{place} (KeyId \"{key.KeyId}\") cannot be used: {fault.Message}");
        }
    }
}
