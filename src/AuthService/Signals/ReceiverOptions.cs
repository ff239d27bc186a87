using System.Net;
using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Signals;

/// <summary>Section <c>Webhooks</c>, which holds for whatever receivers are called.</summary>
internal sealed class ReceiverOptions
{
    public const string Section = "Webhooks";

    /// <summary>Networks (<c>10.1.0.0/16</c>) that receivers may be in although they are not public.</summary>
    public IList<string> AllowedNetworks { get; } = [];
}

internal sealed class ReceiverOptionsValidator : IValidateOptions<ReceiverOptions>
{
    public ValidateOptionsResult Validate(string? name, ReceiverOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        foreach (var (i, network) in options.AllowedNetworks.Index())
        {
            if (!IPNetwork.TryParse(network, out _))
            {
                faults.AddError(
                    $"{ReceiverOptions.Section}:{nameof(options.AllowedNetworks)}:{i} must be a network (10.1.0.0/16), it is {SettingValue.Show(network)}");
            }
        }

        return faults.Build();
    }
}
