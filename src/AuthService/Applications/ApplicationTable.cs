using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Applications;

internal sealed class ApplicationTable : IEntityTypeConfiguration<Application>
{
    public void Configure(EntityTypeBuilder<Application> table)
    {
        table.ToTable("applications");
        table.HasKey(application => application.Number);
        table.Property(application => application.Number).ValueGeneratedOnAdd();
        table.Property(application => application.Id).IsRequired();
        table.HasIndex(application => application.Id).IsUnique();
        table.HasIndex(application => application.Uid).IsUnique();
        table.Property(application => application.Metadata).HasConversion(
            metadata => ToJson(metadata),
            json => JsonSerializer.Deserialize<Dictionary<string, string>>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<IReadOnlyDictionary<string, string>>((a, b) => ReferenceEquals(a, b), metadata => 0, metadata => metadata));
    }

    public static string ToJson(IReadOnlyDictionary<string, string> metadata) => JsonSerializer.Serialize(metadata, JsonSerializerOptions.Default);
}
