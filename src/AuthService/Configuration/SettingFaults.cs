using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AuthService.Configuration;

/// <summary>What an exception says about the settings.</summary>
internal static class SettingFaults
{
    /// <returns>One line for each fault; none when the exception is not about settings.</returns>
    public static IReadOnlyList<string> Of(Exception error) => error switch
    {
        OptionsValidationException invalid => [.. invalid.Failures.Select(OneLine.Of)],
        AggregateException several => [.. several.InnerExceptions.SelectMany(Of)],
        InvalidDataException or FormatException or InvalidOperationException or ArgumentException or CryptographicException
            or IOException or UnauthorizedAccessException => [OneLine.Of(TextOf(error))],
        _ => [],
    };

    /// <summary>A file that cannot be read is named by the outer exception, the place in it by the innermost.</summary>
    private static string TextOf(Exception error) =>
        error is InvalidDataException { InnerException: { } inner } ? $"{error.Message} {inner.GetBaseException().Message}" : error.Message;
}
