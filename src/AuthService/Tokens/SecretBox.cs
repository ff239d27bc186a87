using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

/// <summary>An encrypted value with the id of its key.</summary>
internal sealed record SealedValue(string KeyId, byte[] Bytes);

/// <summary>Encrypts values with AES-256-GCM for the place where they are stored; a value that was moved to another place cannot be decrypted.</summary>
internal sealed class SecretBox(IOptionsMonitor<EncryptionOptions> options)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public bool HasKey => options.CurrentValue.Keys.Count > 0;

    /// <summary>The ids of the keys that can decrypt; the first key encrypts.</summary>
    public string[] KeyIds => [.. options.CurrentValue.Keys.Select(key => key.KeyId)];

    /// <summary>Returns whether a value that was encrypted with this key can be decrypted.</summary>
    public bool Holds(string keyId) => options.CurrentValue.Keys.Any(key => key.KeyId == keyId);

    /// <summary>Returns whether this is the key that encrypts.</summary>
    public bool SealsWith(string keyId) => options.CurrentValue.Keys.FirstOrDefault()?.KeyId == keyId;

    /// <summary>Encrypts a value with a random nonce, which is safe for about four billion values per key (NIST SP 800-38D).</summary>
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
