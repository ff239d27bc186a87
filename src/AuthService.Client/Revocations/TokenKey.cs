using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthService.Tokens;

namespace AuthService.Client.Revocations;

/// <summary>The first half of a token's fingerprint (<see cref="TokenFingerprint"/>). 128 bits are enough to tell all tokens apart.</summary>
internal static class TokenKey
{
    private const int Length = 16;
    private const int FingerprintLength = 32;

    /// <summary>Makes the key as <see cref="TokenFingerprint.Of"/> does, but without allocations. An unusual spelling of the signature is left to it.</summary>
    public static Guid Of(string token)
    {
        var signatureAt = token.LastIndexOf('.') + 1;
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(token.Length));
        try
        {
            var signed = Encoding.UTF8.GetBytes(token.AsSpan(0, signatureAt), buffer);
            if (Base64Url.DecodeFromChars(token.AsSpan(signatureAt), buffer.AsSpan(signed), out _, out var signature) is not OperationStatus.Done)
                return new Guid(TokenFingerprint.Of(token).AsSpan(0, Length));
            Span<byte> hash = stackalloc byte[FingerprintLength];
            SHA256.HashData(buffer.AsSpan(0, signed + (signature / 2)), hash);
            return new Guid(hash[..Length]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>Null when the text is not a fingerprint.</returns>
    public static Guid? OfFingerprint(string base64Url)
    {
        Span<byte> fingerprint = stackalloc byte[FingerprintLength];
        return Base64Url.DecodeFromChars(base64Url, fingerprint, out _, out var length) is OperationStatus.Done && length == FingerprintLength
            ? new Guid(fingerprint[..Length])
            : null;
    }
}
