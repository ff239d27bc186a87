using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AuthService.Storage;

/// <summary>What the exceptions of the two stores mean.</summary>
internal static class StoreErrors
{
    private const int SqliteConstraintUnique = 2067;

    /// <summary>True when a row was refused because another one has the same unique value.</summary>
    public static bool IsUniqueViolation(this Exception error) => OfStore(error) is
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } or SqliteException { SqliteExtendedErrorCode: SqliteConstraintUnique };

    /// <summary>
    /// True when PostgreSQL would refuse the same statement again and again: it cannot take the data (class 22), does not understand the
    /// statement or does not allow it (class 42). A table or column that is missing may be on its way.
    /// </summary>
    public static bool CanNeverSucceed(this Exception error) => OfStore(error) is PostgresException
    {
        SqlState: (['2', '2', ..] or ['4', '2', ..]) and not (PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn),
    };

    /// <summary>True when PostgreSQL took everything back because of somebody else who worked at the same moment.</summary>
    public static bool WasRolledBack(this Exception error) => OfStore(error) is
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>True when the connection is gone. What was sent last over it may have been done or not.</summary>
    public static bool IsLostConnection(this Exception error) => OfStore(error) is
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown }
        or NpgsqlException { InnerException: IOException or SocketException }
        or NullReferenceException { Source: "Npgsql" }; // its reader, when the connection breaks at the very start of an answer (10.0.0)

    /// <summary>True when the database did not answer in time.</summary>
    public static bool IsTimeout(this Exception error) => OfStore(error) is NpgsqlException { InnerException: TimeoutException };

    /// <summary>EF Core wraps what happens while changes are saved.</summary>
    private static Exception OfStore(Exception error) => error is Microsoft.EntityFrameworkCore.DbUpdateException { InnerException: { } inner } ? inner : error;
}
