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
        table.HasIndex(e => new { e.Principal, e.Number });
        table.HasIndex(e => new { e.Actor, e.Number });
        table.HasIndex(e => e.At);
    }
}
