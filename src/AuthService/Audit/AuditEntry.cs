using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Audit;

/// <summary>The outcome of an action. Stored as a number, so the order must not change.</summary>
internal enum AuditOutcome
{
    Success = 0,
    Refused = 1,
}

/// <summary>
/// An entry of the audit log: the actor, the action, the principal acted upon, the time, the address and the outcome. It contains no secret and is never
/// changed.
/// </summary>
internal sealed class AuditEntry : ICommitOrdered
{
    /// <summary>The number that the store assigns, in the order of writing.</summary>
    public long Number { get; init; }

    public long? Position { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The event, one of <see cref="AuditEvents"/>.</summary>
    public required string Event { get; init; }

    public required AuditOutcome Outcome { get; init; }

    /// <summary>The id of the acting principal; null when nobody was signed in, and for the service itself.</summary>
    public string? Actor { get; init; }

    /// <summary>Whether the actor is a principal, the service or the command line.</summary>
    public AuditActorKind ActorKind { get; init; }

    /// <summary>The session of the access token that the actor sent; null without one.</summary>
    public Guid? ActorSessionId { get; init; }

    /// <summary>The API key that the actor sent.</summary>
    public Guid? ActorApiKeyId { get; init; }

    /// <summary>The id of the principal acted upon.</summary>
    public string? Principal { get; init; }

    public Guid? SessionId { get; init; }

    public string? IpAddress { get; init; }

    /// <summary>Further information for the reader, as text.</summary>
    public string? Detail { get; init; }
}

internal sealed class AuditTable : IEntityTypeConfiguration<AuditEntry>
{
    public const string Name = "audit_events";

    private const string TokensOfSessions = $"event IN ('{AuditEvents.OneTimeTokenIssued}', '{AuditEvents.TokenExtended}')";

    public void Configure(EntityTypeBuilder<AuditEntry> table)
    {
        table.ToTable(Name);
        table.HasKey(e => e.Number);
        table.Property(e => e.Number).ValueGeneratedOnAdd();
        table.Property(e => e.ActorKind).HasDefaultValue(AuditActorKind.Principal);
        // An index for each filter, in the order of the list. Claims are frequent and have no principal, so the filtered index omits them.
        table.HasIndex(e => new { e.At, e.Number });
        table.HasIndex(e => new { e.Event, e.At, e.Number });
        table.HasIndex(e => new { e.Actor, e.At, e.Number }).HasFilter("actor IS NOT NULL");
        table.HasIndex(e => new { e.Principal, e.At, e.Number }).HasFilter("principal IS NOT NULL");
        // For the lineage of a session: the tokens made from it that have no session of their own.
        table.HasIndex(e => new { e.SessionId, e.At, e.Number }).HasFilter(TokensOfSessions);
        table.HasIndex(e => e.Position).HasFilter("position IS NOT NULL");
    }
}
