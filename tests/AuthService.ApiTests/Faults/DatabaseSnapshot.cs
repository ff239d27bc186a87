using System.Data.Common;
using System.Globalization;
using AuthService.ApiTests.Hosting;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AuthService.ApiTests.Faults;

/// <summary>One row of the audit log.</summary>
internal sealed record Entry(string Event, bool IsRefusal, string? Actor, string? SessionId, string? Detail)
{
    /// <summary>The principal that the action is about.</summary>
    public string? Principal { get; init; }

    public long Number { get; init; }

    /// <summary>The time in microseconds since 1970.</summary>
    public long At { get; init; }
}

/// <summary>The row that remains of an ended session.</summary>
/// <param name="Id">The id of the session.</param>
/// <param name="Reason">The reason, as the service numbers them.</param>
/// <param name="At">The time when it ended, in microseconds since 1970.</param>
internal sealed record EndedRow(string Id, int Reason, long At)
{
    /// <summary>
    /// Whether the session was signed out, or revoked by its owner, an administrator or a service. Then an audit entry names it, or counts it with
    /// others.
    /// </summary>
    public bool IsOnRecord => Reason <= 3;

    /// <summary>Whether the session was not used for too long, or was too old.</summary>
    public bool IsByTime => Reason is 6 or 7;
}

/// <summary>The contents of the store, read directly: every row that a load changes.</summary>
/// <param name="Entries">The audit log.</param>
/// <param name="Sessions">The ids of the sessions that have not ended.</param>
/// <param name="Applications">The names of the applications, which are the keys of the calls that created them, and their ids.</param>
/// <param name="Claims">The number of claimed tokens.</param>
/// <param name="Enabled">The number of sessions that are enabled for a product.</param>
internal sealed record DatabaseSnapshot(
    IReadOnlyList<Entry> Entries, IReadOnlySet<string> Sessions, IReadOnlyList<(string Name, string Id)> Applications, int Claims, int Enabled)
{
    public IReadOnlyList<EndedRow> Ended { get; init; } = [];

    /// <summary>The messages for webhooks: the webhook and the id of the message.</summary>
    public IReadOnlyList<(string Webhook, string Id)> Messages { get; init; } = [];

    public IEnumerable<Entry> Done(string name) => Entries.Where(entry => entry.Event == name && !entry.IsRefusal);

    /// <summary>
    /// Finds actions that were done only in part: a session that began must exist or have ended, and everything must have its audit entry.
    /// </summary>
    public IEnumerable<string> FindHalves()
    {
        var begun = Done("sign_in").Concat(Done("session_opened")).Select(entry => entry.SessionId!).ToHashSet(StringComparer.Ordinal);
        var ended = Ended.Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
        var onRecord = Done("sign_out").Count() + Done("session_revoked")
            .Sum(entry => entry.SessionId is null ? int.Parse(entry.Detail!.Split(' ')[0], CultureInfo.InvariantCulture) : 1);
        var (claimed, created) = (Done("one_time_token_claimed").Count(), Done("application_created").Count());
        if (begun.Count != Sessions.Count + ended.Count)
            yield return $"Half-written: {begun.Count} sessions began, {ended.Count} ended, {Sessions.Count} are there";
        if (Sessions.Concat(ended).FirstOrDefault(id => !begun.Contains(id)) is { } unknown)
            yield return $"Half-written: nothing is on record about the beginning of session {unknown}";
        if (Sessions.FirstOrDefault(ended.Contains) is { } both)
            yield return $"Half-written: session {both} has ended and is there";
        if (Ended.Count(row => row.IsOnRecord) is var revoked && revoked != onRecord)
            yield return $"Half-written: {revoked} sessions were signed out or revoked, {onRecord} on record";
        if (Claims != claimed)
            yield return $"Half-written: {Claims} claims, {claimed} on record";
        if (Applications.Count != created)
            yield return $"Half-written: {Applications.Count} applications, {created} on record";
    }

    public static async Task<DatabaseSnapshot> ReadAsync(TestDatabase database)
    {
        await using DbConnection connection = database.IsPostgres
            ? new NpgsqlConnection(database.ConnectionString)
            : new SqliteConnection(new SqliteConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return new DatabaseSnapshot(
            await ReadAsync(connection, "SELECT event, outcome, actor, session_id, detail, principal, number, at FROM audit_events ORDER BY number", ToEntry),
            (await ReadAsync(connection, "SELECT id FROM sessions", row => row.GetGuid(0).ToString())).ToHashSet(StringComparer.Ordinal),
            await ReadAsync(connection, "SELECT name, id FROM applications", row => (row.GetString(0), row.GetString(1))),
            await CountAsync(connection, "claims"),
            await CountAsync(connection, "product_accesses"))
        {
            Ended = await ReadAsync(
                connection, "SELECT id, reason, ended_at FROM ended_sessions", row => new EndedRow($"{row.GetGuid(0)}", row.GetInt32(1), row.GetInt64(2))),
            Messages = await ReadAsync(connection, "SELECT webhook_id, id FROM webhook_deliveries", row => ($"{row.GetGuid(0)}", row.GetString(1))),
        };
    }

    private static Entry ToEntry(DbDataReader row) =>
        new(row.GetString(0), row.GetInt32(1) == 1, TextAt(row, 2), row.IsDBNull(3) ? null : row.GetGuid(3).ToString(), TextAt(row, 4))
        {
            Principal = TextAt(row, 5),
            Number = row.GetInt64(6),
            At = row.GetInt64(7),
        };

    private static string? TextAt(DbDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);

    private static async Task<int> CountAsync(DbConnection connection, string table) =>
        (await ReadAsync(connection, $"SELECT count(*) FROM {table}", row => Convert.ToInt32(row.GetValue(0), CultureInfo.InvariantCulture)))[0];

    private static async Task<List<T>> ReadAsync<T>(DbConnection connection, string sql, Func<DbDataReader, T> read)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }
}
