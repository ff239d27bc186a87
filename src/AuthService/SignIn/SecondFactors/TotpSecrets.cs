using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Tokens;
using Microsoft.Extensions.Options;
using OtpNet;

namespace AuthService.SignIn.SecondFactors;

/// <summary>A secret that an older key sealed, and the same sealed with the first key.</summary>
internal sealed record ResealedSecret(SealedValue Before, SealedValue After);

/// <summary>The secrets of authenticator apps: made, kept encrypted, and compared with codes (RFC 6238).</summary>
internal sealed class TotpSecrets(
    SecretBox box, IOptionsMonitor<TwoFactorOptions> options, IOptionsMonitor<PublicAddressOptions> address, TimeProvider clock)
{
    /// <summary>The length of SHA-1's output, which authenticator apps compute with (RFC 4226, section 4).</summary>
    private const int Bytes = 20;
    private const string NoHost = "AuthService";

    /// <summary>The clock of a phone may be one step of 30 seconds off.</summary>
    private static readonly VerificationWindow Drift = new(previous: 1, future: 1);

    public bool CanBeKept => box.HasKey;

    /// <summary>Whether the key is still configured that it was sealed with.</summary>
    public bool CanOpen(string keyId) => box.Holds(keyId);

    private string DisplayName => options.CurrentValue.DisplayName
        ?? (Uri.TryCreate(address.CurrentValue.PublicAddress, UriKind.Absolute, out var uri) ? uri.Host : NoHost);

    public static byte[] New() => KeyGeneration.GenerateRandomKey(Bytes);

    /// <summary>A sealed secret opens for its person only.</summary>
    public SealedValue Seal(Principal person, byte[] secret) => box.Seal(secret, TotpFactor.PlaceOf(person.Number));

    /// <returns>What replaces it; null when the first key sealed it.</returns>
    public ResealedSecret? Reseal(SealedValue secret, long person)
    {
        if (box.SealsWith(secret.KeyId))
            return null;
        var place = TotpFactor.PlaceOf(person);
        return new ResealedSecret(secret, box.Seal(box.Open(secret, place), place));
    }

    /// <returns>The time step of which it is the code; null when it is of none that counts now.</returns>
    public long? FindStep(SealedValue secret, long person, VerificationCode code) =>
        code.Totp is { } digits
        && new Totp(box.Open(secret, TotpFactor.PlaceOf(person))).VerifyTotp(clock.GetUtcNow().UtcDateTime, digits, out var step, Drift)
            ? step
            : null;

    /// <summary>What the QR code shows; the person stands in it by id.</summary>
    public string AddressOf(Principal person, byte[] secret) => new OtpUri(OtpType.Totp, secret, person.Id, DisplayName).ToString();
}
