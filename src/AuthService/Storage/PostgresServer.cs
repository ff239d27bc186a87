using System.Globalization;
using Npgsql;

namespace AuthService.Storage;

/// <summary>The role that a server reports.</summary>
internal enum PostgresRole
{
    /// <summary>The server does not answer, or not in time.</summary>
    Unknown,
    Standby,
    Primary,
}

/// <param name="Role">The role that the server reports.</param>
/// <param name="Timeline">The timeline of a primary. It rises whenever a standby is promoted, so an earlier primary has a lower one.</param>
internal readonly record struct PostgresState(PostgresRole Role, uint Timeline = 0);

/// <summary>One of several servers in <c>ConnectionStrings:Postgres</c>.</summary>
internal sealed class PostgresServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _question;

    /// <param name="host">The host as the setting names it, perhaps with a port.</param>
    /// <param name="pool">The connections that calls use.</param>
    /// <param name="question">A separate connection for questions about the role. It is available even when calls use all connections of the pool.</param>
    public PostgresServer(string host, NpgsqlDataSource pool, NpgsqlDataSource question) => (Host, Pool, _question) = (host, pool, question);

    public string Host { get; }

    public NpgsqlDataSource Pool { get; }

    /// <summary>Finds the role of the server within a second. Any failure gives <see cref="PostgresRole.Unknown"/>.</summary>
    public async Task<PostgresState> FindStateAsync(CancellationToken cancellation)
    {
        try
        {
            return await QueryAsync(cancellation).WaitAsync(Patience, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return new PostgresState(PostgresRole.Unknown);
        }
    }

    public void Dispose()
    {
        Pool.Dispose();
        _question.Dispose();
    }

    /// <summary>Asks the server for its role. The name of a primary's log file begins with its timeline, in eight hexadecimal digits.</summary>
    private async Task<PostgresState> QueryAsync(CancellationToken cancellation)
    {
        await using var command = _question.CreateCommand("SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_walfile_name(pg_current_wal_lsn()) END");
        return await command.ExecuteScalarAsync(cancellation) is string file
            ? new PostgresState(PostgresRole.Primary, uint.Parse(file.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            : new PostgresState(PostgresRole.Standby);
    }
}
