using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AuthService.Storage;

/// <summary>
/// Notes when PostgreSQL has committed without its synchronous standbys, so that a failover would lose it. It answers as if all were well, with a warning
/// beside the answer, when a statement is cancelled that waits for them; and Npgsql cancels what takes longer than <c>Command Timeout</c>.
/// </summary>
/// <remarks>PostgreSQL 15 to 18, src/backend/replication/syncrep.c. The text of the warning depends on lc_messages, the routine does not.</remarks>
internal sealed class UnconfirmedCommits : DbConnectionInterceptor
{
    private const string Routine = "SyncRepWaitForLSN";

    public override DbConnection ConnectionCreated(ConnectionCreatedEventData eventData, DbConnection result)
    {
        if (eventData.Context is AuthDbContext db && result is NpgsqlConnection connection)
            connection.Notice += (_, told) => db.HasUnconfirmedCommit |= told.Notice.Routine is Routine;
        return result;
    }
}

/// <summary>What was committed may be lost: no caller may be told that it was done.</summary>
[SuppressMessage("Roslynator", "RCS1194", Justification = "Only the store makes one")]
internal sealed class UnconfirmedCommitException()
    : DbException("PostgreSQL has stopped waiting for its standbys: what it has committed would be lost in a failover.");
