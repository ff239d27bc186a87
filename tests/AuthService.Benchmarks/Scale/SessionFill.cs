using AuthService.Benchmarks.Service;
using Npgsql;
using NpgsqlTypes;

namespace AuthService.Benchmarks.Scale;

/// <summary>Fills the tables of the service with people and their sessions.</summary>
internal sealed class SessionFill(string connectionString, SessionPattern pattern, NumberedSessions sessions)
{
    private const int SessionsOfAPerson = 5;

    private const string Copy = """
        COPY principals (number, id, folded_id, uuid, type, role, state, first_names, last_name, email, org_id, search_text,
                         can_impersonate, agreement_accepted, password_reset_requested, password_hash, security_stamp, created_at)
        FROM STDIN (FORMAT BINARY)
        """;

    private long _firstPerson;
    private long _people;
    private long _made;

    /// <summary>Writes the sessions of all people into the empty store, numbered from 0.</summary>
    public async Task FillAsync(int count, CancellationToken cancellationToken)
    {
        await using var connection = await LongStatements.OpenAsync(connectionString, cancellationToken);
        await connection.ExecuteAsync("SET maintenance_work_mem = '512MB'", cancellationToken);
        var indexes = await SecondaryIndexes.DropAsync(connection, ["principals", "sessions"], cancellationToken);
        _people = count / SessionsOfAPerson;
        _firstPerson = await connection.ReadAsync<long>("SELECT max(number) + 1 FROM principals", cancellationToken);
        await WritePeopleAsync(connection, cancellationToken);
        await WriteAsync(connection, count, AnyPerson, endedAgo: null, cancellationToken);
        await indexes.MakeAsync(cancellationToken);
        await connection.ReadAsync<long>("SELECT setval(pg_get_serial_sequence('principals', 'number'), max(number)) FROM principals", cancellationToken);
        await connection.SettleAsync(cancellationToken);
    }

    /// <summary>Adds sessions of one person to those of all others.</summary>
    public async Task AddAsync(string personId, int count, CancellationToken cancellationToken)
    {
        await using var connection = await LongStatements.OpenAsync(connectionString, cancellationToken);
        var person = await connection.ReadAsync<long>($"SELECT number FROM principals WHERE id = '{personId}'", cancellationToken);
        await WriteAsync(connection, count, _ => person, endedAgo: null, cancellationToken);
        await connection.SettleAsync(cancellationToken);
    }

    /// <summary>Adds sessions that expired within the last day and are not deleted yet.</summary>
    public async Task AddExpiredAsync(int count, CancellationToken cancellationToken)
    {
        await using var connection = await LongStatements.OpenAsync(connectionString, cancellationToken);
        await WriteAsync(connection, count, AnyPerson, TimeSpan.FromDays(1), cancellationToken);
        await connection.SettleAsync(cancellationToken);
    }

    private async Task WriteAsync(NpgsqlConnection connection, int count, Func<long, long> person, TimeSpan? endedAgo, CancellationToken cancellationToken)
    {
        await new SessionWriter(connection, pattern, sessions).WriteAsync(new(_made, count, person, endedAgo), cancellationToken);
        _made += count;
    }

    private long AnyPerson(long session) => _firstPerson + session % _people;

    private async Task WritePeopleAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(Copy, cancellationToken);
        for (var number = _firstPerson; number < _firstPerson + _people; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WritePerson(copy, number);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static void WritePerson(NpgsqlBinaryImporter copy, long number)
    {
        var id = $"filled-{number:000000000}";
        var (lastName, email) = (ImportedPeople.LastName(id), ImportedPeople.Email(id));
        copy.StartRow();
        copy.Write(number, NpgsqlDbType.Bigint);
        copy.Write(id, NpgsqlDbType.Text);
        copy.Write(id, NpgsqlDbType.Text);
        copy.Write(Guid.CreateVersion7(), NpgsqlDbType.Uuid);
        for (var column = 0; column < 3; column++)
            copy.Write(0, NpgsqlDbType.Integer); // type, role, state
        copy.Write(ImportedPeople.FirstNames, NpgsqlDbType.Text);
        copy.Write(lastName, NpgsqlDbType.Text);
        copy.Write(email, NpgsqlDbType.Text);
        copy.Write("example.com", NpgsqlDbType.Text);
        copy.Write($"{id}\n{ImportedPeople.FirstNames}\n{lastName}\n{email}".ToLowerInvariant(), NpgsqlDbType.Text);
        copy.Write(value: false, NpgsqlDbType.Boolean);
        copy.Write(value: true, NpgsqlDbType.Boolean);
        copy.Write(value: false, NpgsqlDbType.Boolean);
        copy.Write(ImportedPeople.PasswordHash, NpgsqlDbType.Text);
        copy.Write(0, NpgsqlDbType.Integer);
        copy.Write(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000, NpgsqlDbType.Bigint);
    }
}
