using System.Globalization;
using Npgsql;

namespace AuthService.Storage;

/// <summary>What a server says that it is.</summary>
internal enum PostgresRole
{
    /// <summary>It does not answer, or not in time.</summary>
    Unknown,
    Standby,
    Primary,
}

/// <param name="Role">What it is.</param>
/// <param name="Timeline">Of a primary: raised whenever a standby is promoted, so that a primary of before has an earlier one.</param>
internal readonly record struct PostgresState(PostgresRole Role, uint Timeline = 0);

/// <summary>One of several servers of <c>ConnectionStrings:Postgres</c>.</summary>
internal sealed class PostgresServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _question;

    /// <param name="host">As it stands in the setting, perhaps with its port.</param>
    /// <param name="pool">The connections that calls use.</param>
    /// <param name="question">One connection, which is no call's: it is there when calls have taken all of theirs.</param>
    public PostgresServer(string host, NpgsqlDataSource pool, NpgsqlDataSource question) => (Host, Pool, _question) = (host, pool, question);

    public string Host { get; }

    public NpgsqlDataSource Pool { get; }

    /// <summary>Whatever goes wrong, it is answered within a second, by <see cref="PostgresRole.Unknown"/>.</summary>
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

    /// <summary>The name of a primary's log file begins with its timeline, in eight hexadecimal digits.</summary>
    private async Task<PostgresState> QueryAsync(CancellationToken cancellation)
    {
        await using var command = _question.CreateCommand("SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_walfile_name(pg_current_wal_lsn()) END");
        return await command.ExecuteScalarAsync(cancellation) is string file
            ? new PostgresState(PostgresRole.Primary, uint.Parse(file.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            : new PostgresState(PostgresRole.Standby);
    }
}
