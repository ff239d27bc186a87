using Microsoft.Extensions.Options;

namespace AuthService.Client;

/// <summary>The address of AuthService and this service's credential.</summary>
public sealed class AuthServiceClientOptions
{
    /// <summary>The address of AuthService, with its path if it has one. It is required.</summary>
    public Uri? Address { get; set; }

    /// <summary>The refresh token (<c>rt_…</c>) of this service's account. Either this or <see cref="ApiKey"/> is required. Both are secrets.</summary>
    public string? RefreshToken { get; set; }

    /// <summary>An API key (<c>sk_…</c>) of this service's account, sent as it is.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Whether credentials are sent over HTTPS only, except to this machine. The default is true.</summary>
    public bool RequireHttps { get; set; } = true;

    /// <summary>
    /// How long before its expiry this service's access token is renewed: not negative, and at most half of the token's lifetime. The default is 1 minute.
    /// </summary>
    public TimeSpan RenewAhead { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a call that is answered 503 with <c>Retry-After</c> is retried. The default is 3 times.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>The longest <c>Retry-After</c> that a retry waits for. The default is 10 seconds. With a longer one the call fails at once.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a call may take with all its retries. The default is 30 seconds. After that the call throws a <see cref="TaskCanceledException"/>.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}

internal sealed class ClientOptionsValidator : IValidateOptions<AuthServiceClientOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthServiceClientOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        WebAddress.Check(options.Address, options.RequireHttps, nameof(options.Address), faults);
        if (string.IsNullOrEmpty(options.RefreshToken) == string.IsNullOrEmpty(options.ApiKey))
            faults.AddError($"Either {nameof(options.RefreshToken)} or {nameof(options.ApiKey)} is needed, and not both");
        CheckForm(options.RefreshToken, "rt_", nameof(options.RefreshToken), faults);
        CheckForm(options.ApiKey, "sk_", nameof(options.ApiKey), faults);
        if (options.RenewAhead < TimeSpan.Zero)
            faults.AddError($"{options.RenewAhead} is negative", nameof(options.RenewAhead));
        if (options.Retries < 0)
            faults.AddError($"{options.Retries} is negative", nameof(options.Retries));
        if (options.LongestWait < TimeSpan.Zero)
            faults.AddError($"{options.LongestWait} is negative", nameof(options.LongestWait));
        if (options.Timeout <= TimeSpan.Zero)
            faults.AddError($"{options.Timeout} is not more than zero", nameof(options.Timeout));
        return faults.Build();
    }

    /// <summary>Finds a credential of the other kind, and one with the line break of its file. The error does not show the credential.</summary>
    private static void CheckForm(string? credential, string prefix, string setting, ValidateOptionsResultBuilder faults)
    {
        if (string.IsNullOrEmpty(credential))
            return;
        if (!credential.StartsWith(prefix, StringComparison.Ordinal) || credential.Length == prefix.Length || !credential.All(c => c is > ' ' and <= '~'))
            faults.AddError($"does not begin with {prefix}, or has white space or other characters that no credential has", setting);
    }
}

internal static class WebAddress
{
    public static void Check(Uri? address, bool requireHttps, string setting, ValidateOptionsResultBuilder faults)
    {
        if (address is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            faults.AddError($"\"{address}\" is no absolute address with http or https", setting);
        else if (requireHttps && address.Scheme is "http" && !address.IsLoopback)
            faults.AddError($"\"{address}\" is not https; {nameof(AuthServiceClientOptions.RequireHttps)} = false allows it", setting);
    }
}
