using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AuthService.Storage;

/// <summary>Tells what the exceptions of the two databases mean.</summary>
internal static class StoreErrors
{
    private const int SqliteConstraintUnique = 2067;

    /// <summary>Returns whether a row was refused because another row has the same unique value.</summary>
    public static bool IsUniqueViolation(this Exception error) => OfStore(error) is
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } or SqliteException { SqliteExtendedErrorCode: SqliteConstraintUnique };

    /// <summary>
    /// Returns whether PostgreSQL would refuse the same statement every time: it cannot take the data (class 22), or the statement is wrong or not
    /// allowed (class 42). A missing table or column is not meant, because a migration may still add it.
    /// </summary>
    public static bool CanNeverSucceed(this Exception error) => OfStore(error) is PostgresException
    {
        SqlState: (['2', '2', ..] or ['4', '2', ..]) and not (PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn),
    };

    /// <summary>Returns whether PostgreSQL rolled the transaction back because of another one that ran at the same time.</summary>
    public static bool WasRolledBack(this Exception error) => OfStore(error) is
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>Returns whether the connection was lost. The last statement that was sent over it may have been executed or not.</summary>
    public static bool IsLostConnection(this Exception error) => OfStore(error) is
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown }
        or NpgsqlException { InnerException: IOException or SocketException }
        or NullReferenceException { Source: "Npgsql" }; // thrown by Npgsql's reader when the connection breaks at the very start of a response (10.0.0)

    /// <summary>Returns whether the database did not answer in time.</summary>
    public static bool IsTimeout(this Exception error) => OfStore(error) is NpgsqlException { InnerException: TimeoutException };

    /// <summary>Gets the exception of the database. EF Core wraps it when it saves changes.</summary>
    private static Exception OfStore(Exception error) => error is Microsoft.EntityFrameworkCore.DbUpdateException { InnerException: { } inner } ? inner : error;
}
