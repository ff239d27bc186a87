using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

/// <summary>A value that only the holder of the key can read, with the id of that key.</summary>
internal sealed record SealedValue(string KeyId, byte[] Bytes);

/// <summary>Seals values with AES-256-GCM for the place they are stored in: moved to another place they do not open.</summary>
internal sealed class SecretBox(IOptionsMonitor<EncryptionOptions> options)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public bool HasKey => options.CurrentValue.Keys.Count > 0;

    /// <summary>Of the keys that values can be opened with; the first one seals.</summary>
    public string[] KeyIds => [.. options.CurrentValue.Keys.Select(key => key.KeyId)];

    /// <summary>Whether a value that was sealed with this key can be opened.</summary>
    public bool Holds(string keyId) => options.CurrentValue.Keys.Any(key => key.KeyId == keyId);

    /// <summary>Whether this is the key that seals.</summary>
    public bool SealsWith(string keyId) => options.CurrentValue.Keys.FirstOrDefault()?.KeyId == keyId;

    /// <summary>The nonce is random: for one key that is safe for some four billion values (NIST SP 800-38D).</summary>
    /// <exception cref="InvalidOperationException">No key is configured.</exception>
    public SealedValue Seal(ReadOnlySpan<byte> value, ReadOnlySpan<byte> place)
    {
        var key = options.CurrentValue.Keys.FirstOrDefault() ?? throw new InvalidOperationException("Encryption:Keys:0 is missing");
        var bytes = new byte[NonceLength + TagLength + value.Length];
        var (nonce, tag, sealedPart) = Split(bytes);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(Convert.FromBase64String(key.Key), TagLength);
        aes.Encrypt(nonce.Span, value, sealedPart.Span, tag.Span, place);
        return new SealedValue(key.KeyId, bytes);
    }

    /// <exception cref="CryptographicException">The key is no longer configured, or the value was tampered with.</exception>
    public byte[] Open(SealedValue value, ReadOnlySpan<byte> place)
    {
        var key = options.CurrentValue.Keys.FirstOrDefault(key => key.KeyId == value.KeyId)
            ?? throw new CryptographicException($"Encryption:Keys has no key \"{value.KeyId}\"");
        var (nonce, tag, sealedPart) = Split(value.Bytes);
        var opened = new byte[sealedPart.Length];
        using var aes = new AesGcm(Convert.FromBase64String(key.Key), TagLength);
        aes.Decrypt(nonce.Span, sealedPart.Span, tag.Span, opened, place);
        return opened;
    }

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Sealed) Split(byte[] bytes) =>
        (bytes.AsMemory(0, NonceLength), bytes.AsMemory(NonceLength, TagLength), bytes.AsMemory(NonceLength + TagLength));
}
