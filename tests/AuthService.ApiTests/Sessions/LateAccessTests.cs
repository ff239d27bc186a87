using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>A session that becomes active again does not get its product access back if another session has taken its place.</summary>
public abstract class LateAccessTests(AuthHost host)
{
    /// <summary>An instance with a clock that is behind may still count the session as active and prolong it.</summary>
    [Fact]
    public async Task One_that_was_not_counted_any_more_has_no_access_when_it_comes_back()
    {
        var service = await host.NewServiceTokenAsync();
        var limit = new JsonObject { ["serviceName"] = SessionCalls.Connect, ["maxConcurrentAccess"] = 1 };
        var person = await host.CreatePersonAsync(new() { ["services"] = new JsonArray(limit) });
        var (idle, next) = (await host.OpenAsync(service, person), await host.OpenAsync(service, person));
        await host.EnableForAsync(service, idle);
        await SuspendAtAsync(idle, "created_at");

        await host.EnableForAsync(service, next);
        await SuspendAtAsync(idle, "expire_at");

        Assert.False(await host.HasAccessAsync(service, idle));
        Assert.True(await host.HasAccessAsync(service, next));
    }

    private Task SuspendAtAsync(string id, string moment) =>
        host.Database.ExecuteAsync($"UPDATE sessions SET suspend_at = {moment} WHERE lower(CAST(id AS text)) = '{id}'");

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : LateAccessTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : LateAccessTests(store.Host);
}
