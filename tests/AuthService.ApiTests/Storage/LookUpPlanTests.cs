using System.Security.Cryptography;
using AuthService.ApiTests.Hosting;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.SignIn.Passkeys;
using AuthService.Storage;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>Whom a secret is of the store finds by an index, however many there are who have none.</summary>
public abstract class LookUpPlanTests(AuthHost host)
{
    [Fact]
    public async Task A_look_up_by_a_hash_scans_no_table()
    {
        await using var own = await host.StartAnotherAsync();
        if (own.Database.IsPostgres)
        {
            await own.SignedInPersonAsync();
            await own.PostAsync("/auth/logout", (await own.SignedInPersonAsync()).RefreshToken);
            await RowsWithoutToken.AddAsync(own.Database);
        }

        var (plans, hash) = (new Plans(own.Database.IsPostgres), RandomNumberGenerator.GetBytes(32));
        await using var direct = new DirectStore(own.Database, plans);
        using var connections = new BatchConnections(direct.Contexts);
        var sessions = new SessionLookUps(connections);

        await sessions.ByRefreshToken.ExecuteAsync(direct.Store, hash);
        await sessions.EndedByRefreshToken.ExecuteAsync(direct.Store, hash);
        await new RefreshTokenPrincipalLookUp(connections).Batcher.ExecuteAsync(direct.Store, hash);
        if (!own.Database.IsPostgres) // which reads the passkeys while there are so few
            await new PasskeyStore(direct.Store).FindOwnerAsync(hash);

        var found = plans.Take();
        Assert.Equal(own.Database.IsPostgres ? 3 : 4, found.Length);
        Assert.All(found, Plans.ExpectNoScan);
        Assert.All(found, plan => Assert.DoesNotContain("IS NULL", plan, StringComparison.Ordinal));
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : LookUpPlanTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : LookUpPlanTests(store.Host);
}
