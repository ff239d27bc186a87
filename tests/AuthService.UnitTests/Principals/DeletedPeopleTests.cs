using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AuthService.UnitTests.Principals;

public sealed class DeletedPeopleTests
{
    /// <summary>What ends in another way (sessions, API keys, streams) or stays (accounts at identity providers).</summary>
    private static readonly string[] Others = ["sessions", "api_keys", "signal_streams", "identity_links"];

    /// <summary>A new table must say what becomes of its rows.</summary>
    [Fact]
    public void Every_table_with_rows_of_a_principal_is_known()
    {
        using var db = new AuthDbContext(new DbContextOptionsBuilder<AuthDbContext>().UseSqlite().Options);

        var tables = db.Model.GetEntityTypes()
            .Where(type => type.GetForeignKeys().Any(key => key.PrincipalEntityType.ClrType == typeof(Principal))).Select(type => type.GetTableName()!);

        Assert.Equal(DeletedPeople.Tables.Concat(Others).Order(StringComparer.Ordinal), tables.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }
}
