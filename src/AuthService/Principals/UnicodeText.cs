using System.Buffers;
using System.Text;

namespace AuthService.Principals;

internal static class UnicodeText
{
    /// <summary>False when half of a surrogate pair stands alone: such a string cannot be normalized or written as UTF-8.</summary>
    public static bool IsWellFormed(string text)
    {
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) is not OperationStatus.Done)
                return false;
            rest = rest[consumed..];
        }

        return true;
    }
}
