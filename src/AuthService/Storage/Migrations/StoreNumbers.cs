using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace AuthService.Storage.Migrations;

internal static class StoreNumbers
{
    /// <summary>Lets the store number the rows. Only this column is declared differently for each store; each store reads its own annotation.</summary>
    public static OperationBuilder<AddColumnOperation> NumberedByTheStore(this OperationBuilder<AddColumnOperation> column) => column
        .Annotation("Sqlite:Autoincrement", true)
        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);
}
