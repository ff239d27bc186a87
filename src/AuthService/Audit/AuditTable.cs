using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Audit;

internal sealed class AuditTable : IEntityTypeConfiguration<AuditEvent>
{
    public const string Name = "audit_events";

    public void Configure(EntityTypeBuilder<AuditEvent> table)
    {
        table.ToTable(Name);
        table.HasKey(e => e.Number);
        table.Property(e => e.Number).ValueGeneratedOnAdd();
        // One for each filter, in the order of the list; claims, which are hot, act upon nobody and are spared one.
        table.HasIndex(e => new { e.At, e.Number });
        table.HasIndex(e => new { e.Event, e.At, e.Number });
        table.HasIndex(e => new { e.Actor, e.At, e.Number }).HasFilter("actor IS NOT NULL");
        table.HasIndex(e => new { e.Principal, e.At, e.Number }).HasFilter("principal IS NOT NULL");
    }
}
