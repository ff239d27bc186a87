using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Tokens;

/// <summary>
/// Computes the key under which one access token is stored. It covers the signed part and the first half of the signature, which distinguishes two tokens with
/// equal claims. The second half is left out: from an elliptic-curve signature (r, s) the holder of the token can make another valid one, (r, n - s), but none
/// with another r.
/// </summary>
internal static class TokenFingerprint
{
    /// <param name="token">A token with a valid signature.</param>
    public static byte[] Of(string token)
    {
        var signatureAt = token.LastIndexOf('.') + 1;
        var signature = Base64UrlEncoder.DecodeBytes(token[signatureAt..]);
        return SHA256.HashData([.. Encoding.UTF8.GetBytes(token[..signatureAt]), .. signature.AsSpan(0, signature.Length / 2)]);
    }
}
