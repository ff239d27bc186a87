using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AuthService.SignIn.SecondFactors;
using QRCoder;

namespace AuthService.Api.Auth;

/// <param name="OtpAuthUri">The <c>otpauth:</c> URI in the QR code.</param>
/// <param name="QrCodeB64Data">The QR code as a PNG image in a data URI.</param>
/// <param name="Secret">The secret in base32, to type into an app that cannot scan the QR code.</param>
/// <param name="ChallengeId">The challenge's id, which answerChallenge takes together with the first code of the app.</param>
internal sealed record CredentialsResponse(string OtpAuthUri, string QrCodeB64Data, string Secret, string ChallengeId)
{
    private const int PixelsPerModule = 5;

    public static CredentialsResponse Of(FactorSetUp setUp) => new(setUp.Address, PictureOf(setUp.Address), setUp.Secret, setUp.Id.Reveal());

    private static string PictureOf(string address)
    {
        using var code = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var picture = new PngByteQRCode(code);
        return $"data:image/png;base64,{Convert.ToBase64String(picture.GetGraphic(PixelsPerModule))}";
    }
}

/// <param name="ChallengeId">The challenge's id from a sign-in or from createCredentials.</param>
/// <param name="VerificationCode">A code of six digits, as a string or a number, or a recovery code as a string.</param>
/// <param name="TrustDevice">Whether this browser may skip the second step for a while. It has no effect unless <c>TwoFactor:TrustDeviceFor</c> is set.</param>
internal sealed record AnswerChallengeRequest(
    [property: Required] string? ChallengeId,
    [property: Required, JsonConverter(typeof(VerificationCodeConverter))] string? VerificationCode,
    bool? TrustDevice = null);

/// <param name="Connected">Whether an authenticator app is connected.</param>
/// <param name="Required">Whether this deployment requires a second factor of the caller.</param>
/// <param name="RecoveryCodesLeft">The number of unused recovery codes, at most ten.</param>
/// <param name="Passkeys">The number of passkeys.</param>
/// <param name="Proofs">The proofs that reauthenticate accepts in this session: password, verificationCode and passkey. Empty when it accepts none.</param>
internal sealed record SecondFactorStatus(bool Connected, bool Required, int RecoveryCodesLeft, int Passkeys, IReadOnlyList<string> Proofs);

/// <param name="Codes">The recovery codes. Each can be used once in place of a code of the app.</param>
internal sealed record RecoveryCodesResponse(IReadOnlyList<string> Codes);

/// <summary>A proof of identity: a password, a code, or a passkey, which is <c>challengeId</c> and <c>credential</c> together. Exactly one is given.</summary>
/// <param name="Password">
/// The password. It is accepted only when <c>proofs</c> of twoFactorStatus lists it: when the caller has no second factor, or none as old as the session.
/// </param>
/// <param name="VerificationCode">A code, in the same form as for answerChallenge.</param>
/// <param name="ChallengeId">The challenge's id from <c>/auth/reauthenticate/options</c>.</param>
/// <param name="Credential">The browser's answer to the challenge, in WebAuthn's JSON.</param>
internal sealed record ReauthenticateRequest(
    string? Password = null,
    [property: JsonConverter(typeof(VerificationCodeConverter))] string? VerificationCode = null,
    string? ChallengeId = null,
    JsonObject? Credential = null);

/// <summary>Reads a code from a string or a number, because UCloud's client sends a number. The leading zeros that a number loses are added again.</summary>
internal sealed class VerificationCodeConverter : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number when reader.TryGetDecimal(out var number) && decimal.IsInteger(number) && number >= 0 =>
            decimal.ToInt64(decimal.Min(number, long.MaxValue)).ToString("D6", CultureInfo.InvariantCulture),
        JsonTokenType.Number => "",
        _ => throw new JsonException(),
    };

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
