using System.Text.RegularExpressions;

namespace AuthService.ApiTests.Faults;

/// <summary>What no answer may hold: SQL, exceptions, stack traces, names of tables and files, where the database is.</summary>
internal static partial class Leaks
{
    /// <returns>The first word that should have stayed inside; null when there is none.</returns>
    public static string? Find(string body) => Inside().Match(body) is { Success: true } found ? found.Value : null;

    [GeneratedRegex(
        @"Npgsql|Sqlite|Postgres|Exception|\n\s+at |\.cs:line|\b(SELECT|INSERT|UPDATE|DELETE|COMMIT)\b|audit_events|"
            + @"\b(40001|40P01|57P01|08006)\b|127\.0\.0\.1|/tmp/|\.db\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Inside();
}
