using System.Security.Cryptography;
using System.Text;

namespace AuthService.Tokens;

/// <summary>The SHA-256 under which a secret or a name is kept: 32 bytes, whatever its length or characters were.</summary>
internal static class TokenHash
{
    public static byte[] Of(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
