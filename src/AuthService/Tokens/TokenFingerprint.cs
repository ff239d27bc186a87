using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Tokens;

/// <summary>
/// Under which one access token is remembered. It covers what is signed and the first half of the signature, which tells
/// apart two tokens that say the same. Not the whole: of an elliptic-curve signature (r, s) whoever holds the token can make
/// another one that verifies, (r, n - s), but none with another r.
/// </summary>
internal static class TokenFingerprint
{
    /// <param name="token">A token whose signature holds.</param>
    public static byte[] Of(string token)
    {
        var signatureAt = token.LastIndexOf('.') + 1;
        var signature = Base64UrlEncoder.DecodeBytes(token[signatureAt..]);
        return SHA256.HashData([.. Encoding.UTF8.GetBytes(token[..signatureAt]), .. signature.AsSpan(0, signature.Length / 2)]);
    }
}
