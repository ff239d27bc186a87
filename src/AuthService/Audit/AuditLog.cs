using AuthService.Storage;

namespace AuthService.Audit;

/// <summary>Writes the entries of what changes nothing else in the store; every change writes its entry with itself.</summary>
internal sealed class AuditLog(Store store, AuditStatement statement, TimeProvider clock)
{
    public Task WriteAsync(
        AuditActor by, string name, string? principal, Guid? sessionId = null, string? detail = null, AuditOutcome outcome = AuditOutcome.Success) =>
        statement.Batcher.ExecuteAsync(store, by.CreateEntry(name, clock.GetUtcNow(), principal, outcome, sessionId, detail));
}

/// <summary>Entries that stand alone, batched: those of one moment are one statement and one commit.</summary>
internal sealed class AuditStatement(BatchConnections connections)
{
    /// <summary>True for each entry.</summary>
    public StatementBatcher<AuditEntry, bool> Batcher { get; } = new(connections, WriteAsync, isNonBlocking: true);

    private static async Task<IReadOnlyList<bool>> WriteAsync(Store store, IReadOnlyList<AuditEntry> entries)
    {
        if (store.IsPostgres)
            await InsertAsync(store, entries);
        else
            await store.InsertAsync([.. entries]);
        return [.. entries.Select(_ => true)];
    }

    private static Task<int> InsertAsync(Store store, IReadOnlyList<AuditEntry> entries) => store.WriteAsync(
        $"""
        INSERT INTO audit_events (at, event, outcome, actor, actor_kind, actor_session_id, actor_api_key_id, principal, session_id, ip_address, detail)
        SELECT * FROM unnest({entries.Select(entry => UnixMicroseconds.From(entry.At)).ToArray()},
                             {entries.Select(entry => entry.Event).ToArray()},
                             {entries.Select(entry => (int)entry.Outcome).ToArray()},
                             {entries.Select(entry => entry.Actor).ToArray()},
                             {entries.Select(entry => (int)entry.ActorKind).ToArray()},
                             {entries.Select(entry => entry.ActorSessionId).ToArray()},
                             {entries.Select(entry => entry.ActorApiKeyId).ToArray()},
                             {entries.Select(entry => entry.Principal).ToArray()},
                             {entries.Select(entry => entry.SessionId).ToArray()},
                             {entries.Select(entry => entry.IpAddress).ToArray()},
                             {entries.Select(entry => entry.Detail).ToArray()})
        """);
}
