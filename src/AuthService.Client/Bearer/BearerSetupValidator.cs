using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace AuthService.Client.Bearer;

/// <summary>Refuses a setting of the framework's bearer scheme that would turn off the checks of <see cref="BearerEvents"/> without a word.</summary>
internal sealed class BearerSetupValidator : IValidateOptions<JwtBearerOptions>
{
    public ValidateOptionsResult Validate(string? name, JwtBearerOptions options)
    {
        if (name is not AuthServiceBearer.SchemeName)
            return ValidateOptionsResult.Skip;
        return options.EventsType == typeof(BearerEvents)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{nameof(options.EventsType)} of the scheme {name} is set, so that no revocation, one-time token or role would be checked: "
                + $"set {nameof(options.Events)} instead");
    }
}
