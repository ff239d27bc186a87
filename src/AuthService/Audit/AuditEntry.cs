using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Audit;

/// <summary>Stored as a number; the order must not change.</summary>
internal enum AuditOutcome
{
    Success = 0,
    Refused = 1,
}

/// <summary>One entry of the audit log: who did what to whom, when, from where, with what outcome. Never a secret, never changed afterwards.</summary>
internal sealed class AuditEntry : ICommitOrdered
{
    /// <summary>Given by the store, in the order of writing.</summary>
    public long Number { get; init; }

    public long? Position { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="AuditEvents"/>.</summary>
    public required string Event { get; init; }

    public required AuditOutcome Outcome { get; init; }

    /// <summary>The id of the principal who acted; null when nobody was signed in, and for the service itself.</summary>
    public string? Actor { get; init; }

    /// <summary>Whether the actor is a principal at all.</summary>
    public AuditActorKind ActorKind { get; init; }

    /// <summary>The session whose access token the actor showed, if it has one.</summary>
    public Guid? ActorSessionId { get; init; }

    /// <summary>The API key that the actor showed.</summary>
    public Guid? ActorApiKeyId { get; init; }

    /// <summary>The id of the principal who was acted upon.</summary>
    public string? Principal { get; init; }

    public Guid? SessionId { get; init; }

    public string? IpAddress { get; init; }

    /// <summary>What else the reader needs to know, in words.</summary>
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
        // One for each filter, in the order of the list; claims, which are hot, act upon nobody and are spared one.
        table.HasIndex(e => new { e.At, e.Number });
        table.HasIndex(e => new { e.Event, e.At, e.Number });
        table.HasIndex(e => new { e.Actor, e.At, e.Number }).HasFilter("actor IS NOT NULL");
        table.HasIndex(e => new { e.Principal, e.At, e.Number }).HasFilter("principal IS NOT NULL");
        // Those of tokens without a session of their own, for the lineage of the session that they were made from.
        table.HasIndex(e => new { e.SessionId, e.At, e.Number }).HasFilter(TokensOfSessions);
        table.HasIndex(e => e.Position).HasFilter("position IS NOT NULL");
    }
}
