using System.Security.Cryptography;
using System.Text;

namespace AuthService.Tokens;

/// <summary>Computes the SHA-256 hash under which a secret or a name is stored: 32 bytes, whatever its length or characters.</summary>
internal static class TokenHash
{
    public static byte[] Of(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
