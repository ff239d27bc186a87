using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AuthService.UnitTests.Principals;

public sealed class DeletedPeopleTests
{
    /// <summary>The tables that are cleared elsewhere (sessions, API keys, streams) or stay (accounts at identity providers).</summary>
    private static readonly string[] Others = ["sessions", "api_keys", "signal_streams", "identity_links"];

    /// <summary>Each new table needs a decision about the rows of a deleted person.</summary>
    [Fact]
    public void Every_table_with_rows_of_a_principal_is_known()
    {
        using var db = new AuthDbContext(new DbContextOptionsBuilder<AuthDbContext>().UseSqlite().Options);

        var tables = db.Model.GetEntityTypes()
            .Where(type => type.GetForeignKeys().Any(key => key.PrincipalEntityType.ClrType == typeof(Principal))).Select(type => type.GetTableName()!);

        Assert.Equal(DeletedPeople.Tables.Concat(Others).Order(StringComparer.Ordinal), tables.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }
}
