namespace AuthService.Audit;

/// <summary>An audit entry without its time, which is known only when it is written.</summary>
/// <param name="By">The audit actor.</param>
/// <param name="Event">The event, one of <see cref="AuditEvents"/>.</param>
/// <param name="Principal">The id of the principal acted upon.</param>
internal sealed record AuditDraft(AuditActor By, string Event, string? Principal)
{
    public Guid? SessionId { get; init; }

    /// <summary>Further information for the reader, as text.</summary>
    public string? Detail { get; init; }

    public AuditEntry At(DateTimeOffset at) => By.CreateEntry(Event, at, Principal, sessionId: SessionId, detail: Detail);
}
