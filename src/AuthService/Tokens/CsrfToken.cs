using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AuthService.Tokens;

/// <summary>
/// Creates the token that a page sends beside the refresh cookie to show that it can read this site's responses. It is derived from the refresh token
/// (HMAC-SHA-256), so it needs no column, cannot be swapped between sessions, and reveals nothing about the refresh token.
/// </summary>
internal static class CsrfToken
{
    public static string For(RefreshToken refreshToken) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(refreshToken.Reveal()), "authservice csrf token v1"u8));

    /// <summary>Compares in constant time.</summary>
    public static bool Matches(RefreshToken refreshToken, string presented) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(For(refreshToken)), Encoding.UTF8.GetBytes(presented));
}
