using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn.Passkeys;

/// <summary>Section <c>Passkeys</c>: the site that people's passkeys belong to.</summary>
internal sealed class PasskeyOptions
{
    public const string Section = "Passkeys";

    /// <summary>
    /// The relying party id of WebAuthn, a host name. By default the host of the public address. Every passkey is bound to it:
    /// after a change, existing passkeys no longer work.
    /// </summary>
    public string? RelyingPartyId { get; set; }

    /// <summary>The origins of the pages that may ask for passkeys (<c>https://host[:port]</c>); by default that of the public address.</summary>
    public IList<string> Origins { get; } = [];
}

internal sealed class PasskeyOptionsValidator(IOptionsMonitor<PublicAddressOptions> address) : IValidateOptions<PasskeyOptions>
{
    public ValidateOptionsResult Validate(string? name, PasskeyOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (options.RelyingPartyId is { } id && !RelyingParty.IsHost(id))
            faults.AddError($"{PasskeyOptions.Section}:{nameof(options.RelyingPartyId)} must be a host name in lower case, it is \"{id}\"");
        for (var i = 0; i < options.Origins.Count; i++)
        {
            var origin = options.Origins[i];
            if (RelyingParty.OriginOf(origin) != origin)
                faults.AddError($"{PasskeyOptions.Section}:{nameof(options.Origins)}:{i} must be an origin (https://host[:port]), it is \"{origin}\"");
        }

        return faults.Build() is { Failed: true } result ? result : CheckTogether(options);
    }

    private ValidateOptionsResult CheckTogether(PasskeyOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (FindParty(options) is { } party && party.Origins.Where(origin => !party.Covers(origin)).ToArray() is [_, ..] foreign)
        {
            faults.AddError(
                $"{PasskeyOptions.Section}:{nameof(options.RelyingPartyId)} \"{party.Id}\" must be the host of each of "
                + $"{PasskeyOptions.Section}:{nameof(options.Origins)} or a domain above it, which is not so for {string.Join(", ", foreign)}");
        }

        return faults.Build();
    }

    /// <returns>Null when the public address is not valid, which its own validator reports.</returns>
    private RelyingParty? FindParty(PasskeyOptions options)
    {
        try
        {
            return RelyingParty.Find(options, address.CurrentValue);
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }
}
