using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AuthService.SignIn.SecondFactors;
using QRCoder;

namespace AuthService.Api.Auth;

/// <param name="OtpAuthUri">What the QR code shows.</param>
/// <param name="QrCodeB64Data">A PNG as a data URI.</param>
/// <param name="Secret">To be typed where no picture can be taken, base32.</param>
/// <param name="ChallengeId">For answerChallenge, with the first code of the app.</param>
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

/// <param name="ChallengeId">From a sign-in, or from createCredentials.</param>
/// <param name="VerificationCode">Six digits, as text or as a number; or a recovery code.</param>
/// <param name="TrustDevice">Asks for no second step at this browser for a while; without effect unless <c>TwoFactor:TrustDeviceFor</c> is set.</param>
internal sealed record AnswerChallengeRequest(
    [property: Required] string? ChallengeId,
    [property: Required, JsonConverter(typeof(VerificationCodeConverter))] string? VerificationCode,
    bool? TrustDevice = null);

/// <param name="Connected">Whether there is an authenticator app.</param>
/// <param name="Required">Whether the deployment demands a second factor of the caller.</param>
/// <param name="RecoveryCodesLeft">Of ten.</param>
/// <param name="Passkeys">How many.</param>
/// <param name="Proofs">Which of password, verificationCode and passkey reauthenticate takes in this session; empty where it takes none.</param>
internal sealed record SecondFactorStatus(bool Connected, bool Required, int RecoveryCodesLeft, int Passkeys, IReadOnlyList<string> Proofs);

/// <param name="Codes">Each is good once, in the place of a code of the app.</param>
internal sealed record RecoveryCodesResponse(IReadOnlyList<string> Codes);

/// <summary>A password, a code, or a passkey, which is the last two members together.</summary>
/// <param name="Password">Where <c>proofs</c> of twoFactorStatus names it: of whoever has no second factor, or none as old as the session.</param>
/// <param name="VerificationCode">As for answerChallenge.</param>
/// <param name="ChallengeId">From <c>/auth/reauthenticate/options</c>.</param>
/// <param name="Credential">What the browser gave, in WebAuthn's JSON.</param>
internal sealed record ReauthenticateRequest(
    string? Password = null,
    [property: JsonConverter(typeof(VerificationCodeConverter))] string? VerificationCode = null,
    string? ChallengeId = null,
    JsonObject? Credential = null);

/// <summary>A number has lost its leading zeros: UCloud's client sends the code as one.</summary>
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
