using System.Text.RegularExpressions;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// Finds internal details that no response may contain: SQL, exceptions, stack traces, names of tables and files, the address of the database.
/// </summary>
internal static partial class Leaks
{
    /// <returns>The first internal detail, or null.</returns>
    public static string? Find(string body) => Inside().Match(body) is { Success: true } found ? found.Value : null;

    [GeneratedRegex(
        @"Npgsql|Sqlite|Postgres|Exception|\n\s+at |\.cs:line|\b(SELECT|INSERT|UPDATE|DELETE|COMMIT)\b|audit_events|"
            + @"\b(40001|40P01|57P01|08006)\b|127\.0\.0\.1|/tmp/|\.db\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Inside();
}
