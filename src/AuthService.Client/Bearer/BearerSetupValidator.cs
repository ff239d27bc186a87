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
        var faults = new ValidateOptionsResultBuilder();
        if (options.EventsType != typeof(BearerEvents))
            faults.AddError($"turns off the checks of revocations, one-time tokens and roles; set {nameof(options.Events)}", nameof(options.EventsType));
        return faults.Build();
    }
}
