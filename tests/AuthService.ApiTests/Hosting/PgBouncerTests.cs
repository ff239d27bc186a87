using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Hosting;

public sealed class PgBouncerTests
{
    [Fact]
    public async Task Clients_between_two_transactions_share_one_server_connection()
    {
        await using var database = await TestDatabase.CreateAsync(Store.PgBouncer);
        await using var source = NpgsqlDataSource.Create(database.Settings["ConnectionStrings:Postgres"]!);
        await using var one = await source.OpenConnectionAsync();
        await using var other = await source.OpenConnectionAsync();

        Assert.Equal(await ServerConnectionAsync(one), await ServerConnectionAsync(other));
    }

    private static async Task<int> ServerConnectionAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
