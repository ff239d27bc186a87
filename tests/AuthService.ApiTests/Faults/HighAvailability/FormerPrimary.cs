using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using AuthService.Storage;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Faults.HighAvailability;

/// <summary>
/// Reads a node that was replaced as the primary while it was frozen. When it wakes, it believes that it still is the primary until its Patroni has
/// made it a standby. What was written there in between is gone then.
/// </summary>
internal sealed class FormerPrimary : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly PatroniNode _node;
    private NpgsqlConnection _connection;

    private FormerPrimary(PatroniNode node, NpgsqlConnection connection) => (_node, _connection) = (node, connection);

    private int Port => int.Parse(_node.Host.Split(':')[1], CultureInfo.InvariantCulture);

    /// <summary>Connects to the primary before it freezes, so that the first question is answered as soon as it wakes.</summary>
    public static async Task<FormerPrimary> ConnectAsync(PatroniNode node) => new(node, await OpenAsync(node));

    /// <summary>
    /// Reads the node until it is a standby. Fails if an instance wrote there after the promotion: if there is an audit entry or a session of a later
    /// time, or a transaction that has written on a connection that an instance still holds.
    /// </summary>
    /// <remarks>
    /// What an instance had sent before the node froze may be done when it wakes. Nobody waits for it: the instance has closed that connection.
    /// </remarks>
    /// <param name="promotedAt">The time when another node took a commit as the primary.</param>
    /// <returns>The number of times that the node was read while it believed that it was the primary.</returns>
    public async Task<int> ExpectNoWritesAsync(DateTimeOffset promotedAt)
    {
        var since = UnixMicroseconds.From(promotedAt);
        var question =
            $"""
            SELECT pg_is_in_recovery(),
                   (SELECT count(*) FROM audit_events WHERE at > {since}) + (SELECT count(*) FROM sessions WHERE created_at > {since}),
                   ARRAY(SELECT client_port FROM pg_stat_activity
                         WHERE datname = current_database() AND backend_type = 'client backend' AND backend_xid IS NOT NULL)
            """;
        var readings = 0;
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(20))
        {
            try
            {
                var (isStandby, written, writers) = await ReadAsync(question);
                if (isStandby)
                    return readings;
                readings++;
                var held = writers.Where(IsHeld).ToArray();
                Assert.True(
                    written == 0 && held.Length == 0, $"{written} rows and {held.Length} transactions on {_node.Name} after another node was the primary");
            }
            catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException)
            {
                await ReconnectAsync();
            }
        }

        throw new TimeoutException($"{_node.Name} did not become a standby:\n{await _node.ReadLogAsync()}");
    }

    /// <summary>Waits until the node has no audit entry and no session that the primary does not have. Fails if this takes too long.</summary>
    public async Task ExpectNothingOfItsOwnAsync(PatroniNode primary)
    {
        const string rows = "SELECT 'entry ' || number || ' of ' || at FROM audit_events UNION ALL SELECT 'session ' || id FROM sessions";
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(200))
        {
            var here = await ListAsync(_node, rows);
            var there = (await ListAsync(primary, $"{rows} UNION ALL SELECT 'session ' || id FROM ended_sessions")).ToHashSet(StringComparer.Ordinal);
            string[] own = [.. here.Where(row => !there.Contains(row))];
            if (here.Count > 0 && there.Count > 0 && own.Length == 0)
                return;
            Assert.True(waited.Elapsed < Patience, $"{_node.Name} has {here.Count} rows, of its own: {string.Join(", ", own)}");
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<(bool IsStandby, long Written, int[] Writers)> ReadAsync(string question)
    {
        await using var command = new NpgsqlCommand(question, _connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetBoolean(0), reader.GetInt64(1), reader.GetFieldValue<int[]>(2));
    }

    /// <summary>Returns whether the client of this connection has not closed it.</summary>
    private bool IsHeld(int clientPort) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections().Any(
        connection => connection.State is TcpState.Established && connection.LocalEndPoint.Port == clientPort && connection.RemoteEndPoint.Port == Port);

    private async Task ReconnectAsync()
    {
        await _connection.DisposeAsync();
        try
        {
            _connection = await OpenAsync(_node);
        }
        catch (NpgsqlException)
        {
            // It stops or starts.
        }
    }

    private static async Task<List<string>> ListAsync(PatroniNode node, string sql)
    {
        var rows = new List<string>();
        try
        {
            await using var connection = await OpenAsync(node);
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                rows.Add(reader.GetString(0));
        }
        catch (NpgsqlException)
        {
            rows.Clear(); // It stops or starts.
        }

        return rows;
    }

    private static async Task<NpgsqlConnection> OpenAsync(PatroniNode node)
    {
        var connection = new NpgsqlConnection($"Host={node.Host};Username=postgres;Database=authservice;Pooling=false;Timeout=2;Command Timeout=0");
        await connection.OpenAsync();
        return connection;
    }
}
