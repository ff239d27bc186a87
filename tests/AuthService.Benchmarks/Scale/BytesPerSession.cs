using AuthService.Benchmarks.Run;
using static AuthService.Benchmarks.Run.MarkdownTable;

namespace AuthService.Benchmarks.Scale;

/// <summary>Prints how much disk space a session takes, and which indexes have been used.</summary>
internal static class BytesPerSession
{
    private const string Parts = """
        SELECT 'rows', pg_table_size('sessions'), NULL
        UNION ALL
        SELECT indexrelname, pg_relation_size(indexrelid), idx_scan FROM pg_stat_user_indexes WHERE relname = 'sessions'
        UNION ALL
        SELECT 'together', pg_total_relation_size('sessions'), NULL
        """;

    public static async Task MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        await using var connection = await LongStatements.OpenAsync(stage.ConnectionString, cancellationToken);
        var sessions = await connection.ReadAsync<long>("SELECT count(*) FROM sessions", cancellationToken);
        var table = new MarkdownTable("part of the table", "MB", "bytes per session", "scans so far");
        await using var query = new Npgsql.NpgsqlCommand(Parts, connection);
        await using var rows = await query.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var bytes = rows.GetInt64(1);
            table.Add(rows.GetString(0), Count(bytes / 1e6), Count((double)bytes / sessions), rows.IsDBNull(2) ? "" : Count(rows.GetInt64(2)));
        }

        ScaleReport.Print($"Bytes per session, at {stage.Name} sessions", table);
    }
}
