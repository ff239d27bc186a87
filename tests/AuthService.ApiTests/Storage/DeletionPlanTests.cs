using AuthService.ApiTests.Hosting;
using AuthService.Delegation;
using AuthService.Storage;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>A batch of the clean-up reads the rows that it deletes and no others.</summary>
public abstract class DeletionPlanTests(AuthHost host)
{
    private const int Rows = 200_000;
    private const int Batch = 500;

    [Fact]
    public async Task A_batch_is_found_and_deleted_by_indexes()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(host.Database.Store);
        var (numbers, hash) = database.IsPostgres
            ? ($"WITH n (i) AS (SELECT generate_series(1, {Rows}))", "decode(md5(i::text), 'hex')")
            : ($"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows})", "randomblob(16)");
        await database.ExecuteAsync($"{numbers} INSERT INTO claims (jti_hash, forget_at) SELECT {hash}, i FROM n");
        await database.ExecuteAsync("ANALYZE");
        var plans = new Plans(database.IsPostgres);
        await using var direct = new DirectStore(database, plans);

        var deleted = await direct.Store.DeleteBatchAsync<ClaimedToken>(
            nameof(ClaimedToken.ForgetAt), UnixMicroseconds.To(Rows), Batch, CancellationToken.None);

        Assert.Equal(Batch, deleted);
        Assert.Equal(Rows - Batch, await database.CountAsync("claims"));
        Assert.Equal(Batch + 1, await database.NumberAsync("SELECT min(forget_at) FROM claims"));
        Plans.ExpectNoScan(Assert.Single(plans.Take()));
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : DeletionPlanTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : DeletionPlanTests(store.Host);
}
