using AuthService.Storage;

namespace AuthService.Audit;

/// <summary>Writes the entries of actions that change nothing else in the store. Every change writes its entry in its own transaction.</summary>
internal sealed class AuditLog(Store store, AuditStatement statement, TimeProvider clock)
{
    public Task WriteAsync(
        AuditActor by, string name, string? principal, Guid? sessionId = null, string? detail = null, AuditOutcome outcome = AuditOutcome.Success) =>
        statement.Batcher.ExecuteAsync(store, by.CreateEntry(name, clock.GetUtcNow(), principal, outcome, sessionId, detail));
}

/// <summary>Writes single entries in batches: the entries of one moment share one statement and one commit.</summary>
internal sealed class AuditStatement(BatchConnections connections)
{
    /// <summary>Writes an entry; the result is always true.</summary>
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
