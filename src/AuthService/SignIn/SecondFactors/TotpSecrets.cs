using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Tokens;
using Microsoft.Extensions.Options;
using OtpNet;

namespace AuthService.SignIn.SecondFactors;

/// <summary>A secret encrypted with an older key, and again with the first key.</summary>
internal sealed record ResealedSecret(SealedValue Before, SealedValue After);

/// <summary>Creates and encrypts the secrets of authenticator apps and compares them with codes (RFC 6238).</summary>
internal sealed class TotpSecrets(
    SecretBox box, IOptionsMonitor<TwoFactorOptions> options, IOptionsMonitor<PublicAddressOptions> address, TimeProvider clock)
{
    /// <summary>The length of SHA-1's output; authenticator apps use SHA-1 (RFC 4226, section 4).</summary>
    private const int Bytes = 20;
    private const string NoHost = "AuthService";

    /// <summary>Accepts a code one step of 30 seconds early or late, because the clock of a phone may be wrong.</summary>
    private static readonly VerificationWindow Drift = new(previous: 1, future: 1);

    public bool CanBeKept => box.HasKey;

    /// <summary>Checks whether the key that encrypted a secret is still configured.</summary>
    public bool CanOpen(string keyId) => box.Holds(keyId);

    private string DisplayName => options.CurrentValue.DisplayName
        ?? (Uri.TryCreate(address.CurrentValue.PublicAddress, UriKind.Absolute, out var uri) ? uri.Host : NoHost);

    public static byte[] New() => KeyGeneration.GenerateRandomKey(Bytes);

    /// <summary>Encrypts a secret so that it can be decrypted for this person only.</summary>
    public SealedValue Seal(Principal person, byte[] secret) => box.Seal(secret, TotpFactor.PlaceOf(person.Number));

    /// <returns>The secret, encrypted again; null when the first key encrypted it already.</returns>
    public ResealedSecret? Reseal(SealedValue secret, long person)
    {
        if (box.SealsWith(secret.KeyId))
            return null;
        var place = TotpFactor.PlaceOf(person);
        return new ResealedSecret(secret, box.Seal(box.Open(secret, place), place));
    }

    /// <returns>The time step that the code belongs to; null when it belongs to none that is accepted now.</returns>
    public long? FindStep(SealedValue secret, long person, VerificationCode code) =>
        code.Totp is { } digits
        && new Totp(box.Open(secret, TotpFactor.PlaceOf(person))).VerifyTotp(clock.GetUtcNow().UtcDateTime, digits, out var step, Drift)
            ? step
            : null;

    /// <summary>Returns the address that the QR code shows; it names the person by id.</summary>
    public string AddressOf(Principal person, byte[] secret) => new OtpUri(OtpType.Totp, secret, person.Id, DisplayName).ToString();
}
