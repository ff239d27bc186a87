using System.Diagnostics;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Service;
using Npgsql;
using NpgsqlTypes;

namespace AuthService.Benchmarks.Run;

/// <summary>The limit of an import: the same rows by plain Npgsql, with a binary COPY and a commit for each thousand.</summary>
internal sealed class CopyContender(BenchmarkDatabase database, ImportedPeople people, int number) : IContender
{
    private const int Batch = 1_000;

    private const string Copy = """
        COPY principals (id, folded_id, uuid, type, role, state, first_names, last_name, email, search_text,
                         can_impersonate, agreement_accepted, password_reset_requested, password_hash, security_stamp, created_at)
        FROM STDIN (FORMAT BINARY)
        """;

    public void WarmUp(TimeSpan interval, CancellationToken cancellationToken) => Write(people.New(Batch), cancellationToken);

    public Measurement Measure(TimeSpan interval, CancellationToken cancellationToken)
    {
        var ids = people.New(number);
        var (start, ownBefore, databaseBefore) = (Stopwatch.GetTimestamp(), ProcessCpu.Of(Environment.ProcessId), DatabaseCpu());
        Write(ids, cancellationToken);
        var time = Stopwatch.GetElapsedTime(start);
        return new Measurement(
            number / time.TotalSeconds,
            (ProcessCpu.Of(Environment.ProcessId) - ownBefore) / number,
            (DatabaseCpu() - databaseBefore) / number,
            P50: null,
            P99: null,
            Errors: 0,
            FirstError: null);
    }

    private void Write(string[] ids, CancellationToken cancellationToken)
    {
        using var connection = new NpgsqlConnection(database.ConnectionString);
        connection.Open();
        foreach (var batch in ids.Chunk(Batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var copy = connection.BeginBinaryImport(Copy);
            foreach (var id in batch)
                Write(copy, id);
            copy.Complete();
        }
    }

    private static void Write(NpgsqlBinaryImporter copy, string id)
    {
        var (lastName, email) = (ImportedPeople.LastName(id), ImportedPeople.Email(id));
        copy.StartRow();
        copy.Write(id, NpgsqlDbType.Text);
        copy.Write(id, NpgsqlDbType.Text);
        copy.Write(Guid.CreateVersion7(), NpgsqlDbType.Uuid);
        for (var number = 0; number < 3; number++)
            copy.Write(0, NpgsqlDbType.Integer); // type, role, state
        copy.Write(ImportedPeople.FirstNames, NpgsqlDbType.Text);
        copy.Write(lastName, NpgsqlDbType.Text);
        copy.Write(email, NpgsqlDbType.Text);
        copy.Write($"{id}\n{ImportedPeople.FirstNames}\n{lastName}\n{email}".ToLowerInvariant(), NpgsqlDbType.Text);
        copy.Write(value: false, NpgsqlDbType.Boolean);
        copy.Write(value: true, NpgsqlDbType.Boolean);
        copy.Write(value: false, NpgsqlDbType.Boolean);
        copy.Write(ImportedPeople.PasswordHash, NpgsqlDbType.Text);
        copy.Write(0, NpgsqlDbType.Integer);
        copy.Write(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000, NpgsqlDbType.Bigint);
    }

    private TimeSpan? DatabaseCpu() => database.ServerPid is { } pid ? ProcessCpu.OfFamily(pid) : null;
}
