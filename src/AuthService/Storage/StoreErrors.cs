using Microsoft.Data.Sqlite;
using Npgsql;

namespace AuthService.Storage;

internal static class StoreErrors
{
    private const int SqliteConstraintUnique = 2067;

    /// <summary>True when a row was refused because another one has the same unique value.</summary>
    public static bool IsUniqueViolation(this Exception error) => (error.InnerException ?? error) is
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } or SqliteException { SqliteExtendedErrorCode: SqliteConstraintUnique };
}
