using System.Security.Cryptography;

namespace AuthService.Webhooks;

/// <summary>Signs what one webhook is sent. The form is that of the Standard Webhooks specification, which the receivers' libraries read.</summary>
internal sealed class WebhookSecret(byte[] key)
{
    private const string Prefix = "whsec_";
    private const int Bytes = 32;

    public static WebhookSecret New() => new(RandomNumberGenerator.GetBytes(Bytes));

    public byte[] ToBytes() => key;

    /// <summary>The secret itself, for the one answer that carries it.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(key);

    public override string ToString() => Prefix + "[redacted]";
}
