namespace AuthService.Audit;

/// <summary>Stored as a number; the order must not change.</summary>
internal enum AuditOutcome
{
    Success = 0,
    Refused = 1,
}

/// <summary>One deed: who did what to whom, when, from where, with what outcome. Never a secret, never changed afterwards.</summary>
internal sealed class AuditEvent
{
    /// <summary>Given by the store, in the order of writing.</summary>
    public long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="AuditEvents"/>.</summary>
    public required string Event { get; init; }

    public required AuditOutcome Outcome { get; init; }

    /// <summary>The id of the principal who acted; null when nobody was signed in.</summary>
    public string? Actor { get; init; }

    /// <summary>The id of the principal who was acted upon.</summary>
    public string? Principal { get; init; }

    public Guid? SessionId { get; init; }

    public string? IpAddress { get; init; }

    /// <summary>What else the reader needs to know, in words.</summary>
    public string? Detail { get; init; }
}
