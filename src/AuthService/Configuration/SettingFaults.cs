using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AuthService.Configuration;

/// <summary>Gets the faults of settings from an exception.</summary>
internal static class SettingFaults
{
    /// <returns>One line for each fault. Empty when the exception is not about settings.</returns>
    public static IReadOnlyList<string> Of(Exception error) => error switch
    {
        OptionsValidationException invalid => [.. invalid.Failures.Select(OneLine.Of)],
        AggregateException several => [.. several.InnerExceptions.SelectMany(Of)],
        InvalidDataException or FormatException or InvalidOperationException or ArgumentException or CryptographicException
            or IOException or UnauthorizedAccessException => [OneLine.Of(TextOf(error))],
        _ => [],
    };

    /// <summary>Joins two messages when a file cannot be read: the outer exception names the file, the innermost one the place in it.</summary>
    private static string TextOf(Exception error) =>
        error is InvalidDataException { InnerException: { } inner } ? $"{error.Message} {inner.GetBaseException().Message}" : error.Message;
}
