using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace AuthService.Benchmarks.Scale;

/// <summary>
/// The refresh tokens of filled sessions. Each is computed from the number of the session and a secret of the run, so that ten million of them need not be
/// stored.
/// </summary>
internal sealed class NumberedSessions
{
    /// <summary>The length of a prefix and 256 bits as base64url.</summary>
    public const int TokenLength = 46;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    /// <param name="number">The number of the session.</param>
    /// <param name="token">The buffer for its refresh token, as ASCII.</param>
    public void WriteToken(long number, Span<byte> token)
    {
        Span<byte> seed = stackalloc byte[SHA256.HashSizeInBytes + sizeof(long)];
        _secret.CopyTo(seed);
        BinaryPrimitives.WriteInt64LittleEndian(seed[SHA256.HashSizeInBytes..], number);
        Span<byte> random = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(seed, random);
        "rt_"u8.CopyTo(token);
        Base64Url.EncodeToUtf8(random, token[3..]);
    }

    /// <summary>Returns the hash of the token, as the store has it.</summary>
    public byte[] TokenHash(long number)
    {
        Span<byte> token = stackalloc byte[TokenLength];
        WriteToken(number, token);
        return SHA256.HashData(token);
    }
}
