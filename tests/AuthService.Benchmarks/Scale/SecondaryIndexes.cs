using Npgsql;

namespace AuthService.Benchmarks.Scale;

/// <summary>
/// Drops what makes filling slow, and creates it again afterwards: foreign keys, and all indexes except primary keys. It uses PostgreSQL's own definitions, so
/// that the schema stays the same.
/// </summary>
internal sealed class SecondaryIndexes
{
    private const string Description = """
        SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
               format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)), 1 AS place
        FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY ($1::regclass[])
        UNION ALL
        SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid), 0
        FROM pg_index WHERE NOT indisprimary AND indrelid = ANY ($1::regclass[])
        ORDER BY place
        """;

    private readonly NpgsqlConnection _connection;
    private readonly List<string> _make;

    private SecondaryIndexes(NpgsqlConnection connection, List<string> make) => (_connection, _make) = (connection, make);

    public static async Task<SecondaryIndexes> DropAsync(NpgsqlConnection connection, string[] tables, CancellationToken cancellationToken)
    {
        var (drop, make) = (new List<string>(), new List<string>());
        await using (var query = new NpgsqlCommand(Description, connection) { Parameters = { new() { Value = tables } } })
        await using (var rows = await query.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                drop.Add(rows.GetString(0));
                make.Add(rows.GetString(1));
            }
        }

        await connection.ExecuteAsync(string.Join(';', drop), cancellationToken);
        return new SecondaryIndexes(connection, make);
    }

    /// <summary>Creates them again, the indexes first.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        foreach (var statement in _make)
            await _connection.ExecuteAsync(statement, cancellationToken);
    }
}
