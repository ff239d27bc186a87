using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Webhooks;

/// <summary>Section <c>Webhooks</c>: where webhooks may lead in addition to the public internet.</summary>
internal sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>Private or otherwise reserved networks (<c>10.20.0.0/16</c>) in which receivers are allowed.</summary>
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
