using AuthService.Sessions;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn.Passkeys;

/// <summary>This deployment as authenticators and browsers know it (WebAuthn). Nothing of it is taken from a request.</summary>
/// <param name="Id">A host name.</param>
/// <param name="Origins">Of the pages that may ask for passkeys, as browsers write them.</param>
internal sealed record RelyingParty(string Id, IReadOnlyList<string> Origins)
{
    /// <returns>Null when neither the settings nor the public address say where the service is.</returns>
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

    /// <returns>As browsers write it; null when the text is no address of a site.</returns>
    public static string? OriginOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Host.Length: > 0 } ? OriginOf(uri) : null;

    /// <summary>Browsers take the id for pages of this host and of those below it.</summary>
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

    /// <summary>What browsers may show for the service; the framework has no setting for it.</summary>
    public string DisplayName => factors.CurrentValue.DisplayName ?? Current.Id;

    /// <summary>
    /// For the framework, which would take host and origin from the request. A passkey is both factors, and found without a name: the
    /// authenticator verifies its user and keeps whose it is.
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
