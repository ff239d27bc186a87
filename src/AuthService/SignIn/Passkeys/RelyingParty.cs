using AuthService.Sessions;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn.Passkeys;

/// <summary>This deployment as authenticators and browsers know it (WebAuthn). No part of it is taken from a request.</summary>
/// <param name="Id">The relying party id, a host name.</param>
/// <param name="Origins">The origins of the pages that may ask for passkeys, in the form that browsers send.</param>
internal sealed record RelyingParty(string Id, IReadOnlyList<string> Origins)
{
    /// <returns>Null when neither the settings nor the public address name a host.</returns>
    public static RelyingParty? Find(PasskeyOptions options, PublicAddressOptions address)
    {
        var own = Uri.TryCreate(address.PublicAddress, UriKind.Absolute, out var uri) ? uri : null;
        if ((options.RelyingPartyId ?? own?.IdnHost) is not { } id)
            return null;
        if (options.Origins is not [])
            return new RelyingParty(id, [.. options.Origins]);
        return new RelyingParty(id, own is null ? [] : [OriginOf(own)]);
    }

    public static bool IsHost(string text) =>
        Uri.CheckHostName(text) is UriHostNameType.Dns && text.Equals(text.ToLowerInvariant(), StringComparison.Ordinal) && text.All(char.IsAscii);

    /// <returns>The origin in the form that browsers send; null when the text is not the address of a site.</returns>
    public static string? OriginOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Host.Length: > 0 } ? OriginOf(uri) : null;

    /// <summary>Checks whether browsers accept the id for pages of this origin: its host must be the id or below it.</summary>
    public bool Covers(string origin)
    {
        var host = new Uri(origin).IdnHost;
        return host.Equals(Id, StringComparison.Ordinal) || host.EndsWith($".{Id}", StringComparison.Ordinal);
    }

    private static string OriginOf(Uri uri) => $"{uri.Scheme}://{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";
}

internal sealed class RelyingParties(
    IOptionsMonitor<PasskeyOptions> options, IOptionsMonitor<PublicAddressOptions> address, IOptionsMonitor<TwoFactorOptions> factors)
{
    private const string Required = "required";

    private RelyingParty Current => RelyingParty.Find(options.CurrentValue, address.CurrentValue)
        ?? throw new InvalidOperationException("The public address is checked at the start");

    /// <summary>The name of the service that browsers may show; the framework has no setting for it.</summary>
    public string DisplayName => factors.CurrentValue.DisplayName ?? Current.Id;

    /// <summary>
    /// Returns the settings for the framework, which would otherwise take host and origin from the request. A passkey must count as two factors and be found
    /// without a name, so the authenticator has to verify its user and store the owner.
    /// </summary>
    public IdentityPasskeyOptions ToFrameworkOptions()
    {
        var party = Current;
        return new IdentityPasskeyOptions
        {
            ServerDomain = party.Id,
            ValidateOrigin = page => ValueTask.FromResult(!page.CrossOrigin && party.Origins.Contains(page.Origin, StringComparer.Ordinal)),
            UserVerificationRequirement = Required,
            ResidentKeyRequirement = Required,
            AttestationConveyancePreference = "none",
            AuthenticatorTimeout = SignInChallenge.Lifetime,
        };
    }
}
