using System.Data.Common;
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

    /// <param name="settings">Of all servers.</param>
    /// <param name="host">This one, perhaps with its port.</param>
    /// <param name="build">Makes a pool.</param>
    public PostgresServer(NpgsqlConnectionStringBuilder settings, string host, Func<NpgsqlConnectionStringBuilder, NpgsqlDataSource> build)
    {
        Host = host;
        var own = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Host = host };
        Pool = build(own);
        (own.Pooling, own.MaxAutoPrepare, own.KeepAlive, own.Timeout) = (false, 0, 0, (int)Patience.TotalSeconds);
        _question = NpgsqlDataSource.Create(own);
    }

    /// <summary>As it stands in the setting.</summary>
    public string Host { get; }

    public NpgsqlDataSource Pool { get; }

    /// <summary>On a connection that is closed again.</summary>
    public Task<PostgresState> FindStateAsync(CancellationToken cancellation) => FindStateAsync(_question, cancellation);

    /// <summary>On one of the connections that calls use.</summary>
    public Task<PostgresState> FindStateOverPoolAsync(CancellationToken cancellation) => FindStateAsync(Pool, cancellation);

    public void Dispose()
    {
        Pool.Dispose();
        _question.Dispose();
    }

    private static async Task<PostgresState> FindStateAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        try
        {
            return await QueryAsync(source, cancellation).WaitAsync(Patience, cancellation);
        }
        catch (Exception error) when (error is DbException or TimeoutException || error.IsLostConnection())
        {
            return new PostgresState(PostgresRole.Unknown);
        }
    }

    /// <summary>The name of a primary's log file begins with its timeline, in eight hexadecimal digits.</summary>
    private static async Task<PostgresState> QueryAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_walfile_name(pg_current_wal_lsn()) END");
        return await command.ExecuteScalarAsync(cancellation) is string file
            ? new PostgresState(PostgresRole.Primary, uint.Parse(file.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            : new PostgresState(PostgresRole.Standby);
    }
}
