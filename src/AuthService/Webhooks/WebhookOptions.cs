using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Webhooks;

/// <summary>Section <c>Webhooks</c>: where webhooks may lead beside the public internet.</summary>
internal sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>Networks (<c>10.20.0.0/16</c>) that are private, or reserved in another way, and hold receivers nevertheless.</summary>
    public IList<string> AllowedNetworks { get; } = [];
}

internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        foreach (var network in options.AllowedNetworks.Where(network => NetworkText.Parse(network) is null))
            faults.AddError($"{WebhookOptions.Section}:{nameof(options.AllowedNetworks)} holds what is no network (10.0.0.0/8): {SettingValue.Show(network)}");
        return faults.Build();
    }
}
