using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Sessions.Products;

/// <summary>The access of a session to a product. It counts against the person's limit for the product.</summary>
internal sealed class ProductAccess
{
    public required Guid SessionId { get; init; }

    public required string Product { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }
}

internal sealed class ProductAccessTable : IEntityTypeConfiguration<ProductAccess>
{
    public void Configure(EntityTypeBuilder<ProductAccess> table)
    {
        table.ToTable("product_accesses");
        table.HasKey(access => new { access.SessionId, access.Product });
        table.HasOne<Session>().WithMany().HasForeignKey(access => access.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
