using System.Buffers.Text;

namespace AuthService.Principals;

/// <summary>Base64 in any of the alphabets in which hashes are written, with or without padding.</summary>
internal static class HashEncoding
{
    /// <returns>Empty when it is none.</returns>
    public static byte[] Decode(string text)
    {
        var url = text.TrimEnd('=').Replace('.', '-').Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(url) ? Base64Url.DecodeFromChars(url) : [];
    }
}
