using System.Globalization;
using System.Text;

namespace AuthService.Hosting;

/// <summary>
/// Checks that .NET knows Unicode and cultures. Names and passwords are compared after Unicode normalization. The invariant mode of .NET, which is
/// usual in small images, does not normalize: a person would have another name there, and the right password would be refused.
/// </summary>
internal static class Globalization
{
    private const string KelvinSign = "\u212A";

    /// <exception cref="InvalidOperationException">The invariant mode is on. The message says what to change.</exception>
    public static void RequireWhole()
    {
        if (KelvinSign.Normalize(NormalizationForm.FormKC) is not "K" || !KnowsCultures())
        {
            throw new InvalidOperationException(
                "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT is on, and names and passwords would be compared otherwise than elsewhere: "
                + "set it to false, and install ICU where it is missing");
        }
    }

    private static bool KnowsCultures() => CultureInfo.GetCultureInfo("de").CompareInfo.Compare("\u00e4", "z", CompareOptions.None) < 0;
}
