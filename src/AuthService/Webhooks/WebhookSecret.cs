using System.Security.Cryptography;

namespace AuthService.Webhooks;

/// <summary>
/// The secret that signs the messages to one webhook. Its text form is that of the Standard Webhooks specification, which receivers' libraries read.
/// </summary>
internal sealed class WebhookSecret(byte[] key)
{
    private const string Prefix = "whsec_";
    private const int Bytes = 32;

    public static WebhookSecret New() => new(RandomNumberGenerator.GetBytes(Bytes));

    public byte[] ToBytes() => key;

    /// <summary>Returns the secret itself, for the one response that carries it.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(key);

    public override string ToString() => Prefix + "[redacted]";
}
