using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Principals;

internal sealed class PrincipalTable : IEntityTypeConfiguration<Principal>
{
    public const string Name = "principals";

    public void Configure(EntityTypeBuilder<Principal> table)
    {
        table.ToTable(Name);
        table.HasKey(p => p.Number);
        table.Property(p => p.Number).ValueGeneratedOnAdd();
        table.Property(p => p.Id).IsRequired();
        table.HasIndex(p => p.FoldedId).IsUnique();
        table.HasIndex(p => p.Id).IsUnique();
        table.HasIndex(p => p.Uuid).IsUnique();
        table.HasIndex(p => p.RefreshTokenHash).IsUnique();
        table.Property(p => p.Services).HasConversion(
            services => JsonSerializer.Serialize(services, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<IReadOnlyList<ServiceGrant>>(json, JsonSerializerOptions.Default),
            new ValueComparer<IReadOnlyList<ServiceGrant>?>((a, b) => ReferenceEquals(a, b), services => 0, services => services));
    }
}
