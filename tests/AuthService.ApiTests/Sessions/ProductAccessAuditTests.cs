using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Sessions.SessionCalls;

namespace AuthService.ApiTests.Sessions;

/// <summary>The audit log has an entry for each session that gets, loses or is refused a product.</summary>
public abstract class ProductAccessAuditTests(AuthHost host)
{
    [Fact]
    public async Task Each_session_that_loses_a_product_has_an_entry()
    {
        var (service, person, admin) = (await host.CreateServiceAsync(), await LimitedAsync(2), await host.AdminTokenAsync());
        var token = await host.RefreshAsync(service.RefreshToken);
        var (first, second, next) = (await EnabledAsync(token, person), await EnabledAsync(token, person), await host.OpenAsync(token, person));
        await host.PatchPersonAsync(person, new() { ["services"] = Limit(1) });

        var rows = await host.RowsOfAsync(admin, () => host.TryEnableForAsync(token, next, disableOldest: true), HttpStatusCode.NoContent);

        var (granted, withdrawn) = ($"{service.Id} product_access_granted {person.Id} success", $"{service.Id} product_access_withdrawn {person.Id} success");
        Assert.Equal([granted, withdrawn, withdrawn], rows.Select(row => row.Line()), StringComparer.Ordinal);
        Assert.Equal([next, second, first], rows.Select(row => row.Text("sessionId")), StringComparer.Ordinal);
        Assert.All(rows, row => Assert.Equal(Connect, row.Text("detail")));
    }

    [Fact]
    public async Task What_is_refused_has_an_entry_that_says_why()
    {
        var (service, person, admin) = (await host.CreateServiceAsync(), await LimitedAsync(1), await host.AdminTokenAsync());
        var token = await host.RefreshAsync(service.RefreshToken);
        await EnabledAsync(token, person);
        var (next, unused) = (await host.OpenAsync(token, person), await host.OpenAsync(token, person, new() { ["enable"] = false }));

        foreach (var (id, reason) in new[] { (next, "LimitReached"), (unused, "SessionNew") })
        {
            var row = Assert.Single(await host.RowsOfAsync(admin, () => host.TryEnableForAsync(token, id), HttpStatusCode.Conflict));
            Assert.Equal($"{service.Id} product_access_granted {person.Id} refused", row.Line());
            Assert.Equal((id, $"{reason}: {Connect}"), (row.Text("sessionId"), row.Text("detail")));
        }
    }

    [Fact]
    public async Task What_is_not_there_has_none()
    {
        var (token, admin) = (await host.NewServiceTokenAsync(), await host.AdminTokenAsync());
        var id = await host.OpenAsync(token, await host.CreatePersonAsync());

        Assert.Empty(await host.RowsOfAsync(admin, () => host.TryEnableForAsync(token, id, product: "NOTHING"), HttpStatusCode.NotFound));
        Assert.Empty(await host.RowsOfAsync(admin, () => host.TryEnableForAsync(token, $"{Guid.NewGuid()}"), HttpStatusCode.NotFound));
    }

    private static JsonArray Limit(int limit) => [new JsonObject { ["serviceName"] = Connect, ["maxConcurrentAccess"] = limit }];

    private Task<Person> LimitedAsync(int limit) => host.CreatePersonAsync(new() { ["services"] = Limit(limit) });

    private async Task<string> EnabledAsync(string service, Person person)
    {
        var id = await host.OpenAsync(service, person);
        await host.EnableForAsync(service, id);
        return id;
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ProductAccessAuditTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ProductAccessAuditTests(store.Host);
}
