using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>To find whom a refresh token is of PostgreSQL does not read those who have none.</summary>
[Collection("postgres 2")]
public sealed class RefreshScanTests(PostgresStore store)
{
    private const string NobodysToken = "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private const int FewRows = 1_000;

    private static readonly Settings Quiet = new() { ["Metrics:SessionCountInterval"] = "1.00:00:00" };

    [Fact]
    public async Task Of_a_session_a_service_nobody_and_a_session_that_was_revoked()
    {
        await using var own = await store.Host.StartAnotherAsync(Quiet);
        var (session, revoked, service) = (await own.SignedInPersonAsync(), await own.SignedInPersonAsync(), await own.CreateServiceAsync());
        await own.PostAsync("/auth/logout", revoked.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await RowsWithoutToken.AddAsync(own.Database);
        var before = await CountReadAsync(own.Database);

        await using (var twin = await own.StartTwinAsync(Quiet))
        {
            await twin.RefreshAsync(session.RefreshToken);
            await twin.RefreshAsync(service.RefreshToken);
            await twin.TryRefreshAsync(revoked.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
            await twin.TryRefreshAsync(NobodysToken).RefusedAsync(HttpStatusCode.Unauthorized);
        }

        Assert.InRange(await CountReadAsync(own.Database) - before, 1, FewRows);
    }

    /// <summary>How many rows were read of the three tables. A connection hands its counts on when it is closed, so all others are closed first.</summary>
    private static async Task<long> CountReadAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
            """;
        await command.ExecuteNonQueryAsync();
        command.CommandText =
            """
            SELECT sum(seq_tup_read + idx_tup_fetch)::bigint FROM pg_stat_user_tables WHERE relname IN ('sessions', 'ended_sessions', 'principals')
            """;
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
