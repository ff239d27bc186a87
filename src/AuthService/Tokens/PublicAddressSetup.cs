using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

/// <summary>Sets a missing public address from the issuer, and refuses one that is not a usable address.</summary>
internal sealed class PublicAddressSetup(IHostEnvironment environment) : IPostConfigureOptions<PublicAddressOptions>, IValidateOptions<PublicAddressOptions>
{
    private const string DeveloperAddress = "http://localhost:8080";

    public void PostConfigure(string? name, PublicAddressOptions options)
    {
        if (options.PublicAddress.Length == 0 && IsAddress(options.Jwt.Issuer))
            options.PublicAddress = options.Jwt.Issuer;
        else if (options.PublicAddress.Length == 0 && environment.IsDevelopment())
            options.PublicAddress = DeveloperAddress;
        options.PublicAddress = options.PublicAddress.TrimEnd('/');
    }

    public ValidateOptionsResult Validate(string? name, PublicAddressOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (options is { PublicAddress: "", Jwt.Issuer: not "" }) // a missing issuer is reported by its own validator
        {
            faults.AddError(
                $"{PublicAddressOptions.Setting} is missing: it is the http(s) address of this service, which Jwt:Issuer \"{options.Jwt.Issuer}\" is not");
        }
        else if (options.PublicAddress.Length > 0 && !IsAddress(options.PublicAddress))
        {
            faults.AddError(
                $"{PublicAddressOptions.Setting} must be an http(s) address without user, query and fragment, it is \"{options.PublicAddress}\"");
        }

        return faults.Build();
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "", Host.Length: > 0 };
}
