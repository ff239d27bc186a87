using System.Buffers.Text;

namespace AuthService.Principals.Passwords;

/// <summary>Decodes base64 in any of the alphabets in which hashes are written, with or without padding.</summary>
internal static class HashEncoding
{
    /// <returns>Empty when the text is not base64.</returns>
    public static byte[] Decode(string text)
    {
        var url = text.TrimEnd('=').Replace('.', '-').Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(url) ? Base64Url.DecodeFromChars(url) : [];
    }
}
