using System.Text.Json;
using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Sessions;

internal sealed class SessionTable : IEntityTypeConfiguration<Session>
{
    public const string Name = "sessions";

    private static readonly ValueComparer<string[]?> SameList = new((a, b) => ReferenceEquals(a, b), list => 0, list => list);

    public void Configure(EntityTypeBuilder<Session> table)
    {
        table.ToTable(Name);
        table.HasKey(s => s.Id);
        table.Property(s => s.Id).ValueGeneratedNever();
        table.HasOne<Principal>().WithMany().HasForeignKey(s => s.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
        table.HasOne<Principal>().WithMany().HasForeignKey(s => s.ActorNumber).OnDelete(DeleteBehavior.Cascade);
        table.HasIndex(s => s.ActorNumber).HasFilter("actor_number IS NOT NULL");
        table.HasIndex(s => s.RefreshTokenHash).IsUnique();
        table.HasIndex(s => new { s.PrincipalNumber, s.CreatedAt, s.Id });
        table.HasIndex(s => s.ExpireAt);
        table.Property(s => s.Scopes).HasConversion(scopes => string.Join(' ', scopes), text => text.Split(' ', StringSplitOptions.None), SameList);
        table.Property(s => s.ExtendedByChain).HasConversion(
            chain => JsonSerializer.Serialize(chain, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<string[]>(json, JsonSerializerOptions.Default),
            SameList);
    }
}
