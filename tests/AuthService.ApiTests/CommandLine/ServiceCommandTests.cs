using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The commands for services print a token that can be piped into a secret store.</summary>
public abstract class ServiceCommandTests(AuthHost host)
{
    [Fact]
    public async Task Only_the_token_is_on_standard_output_and_it_refreshes()
    {
        var id = NewName("_files");

        var added = await host.RunProcessAsync(["service", "add", id]);

        Assert.StartsWith("rt_", added.Line, StringComparison.Ordinal);
        Assert.DoesNotContain(added.Line, added.Errors, StringComparison.Ordinal);
        var claims = Requests.ClaimsOf(await host.RefreshAsync(added.Line));
        Assert.Equal((id, "SERVICE"), (claims.Text("sub"), claims.Text("role")));
        await StoreContents.ExpectNoneOfAsync(host.Database, [added.Line], butDoesHold: id);
    }

    [Fact]
    public async Task The_renewed_token_replaces_the_old_one()
    {
        var service = await host.CreateServiceAsync();

        var renewed = await host.RunProcessAsync(["service", "renew", service.Id]);

        await host.TryRefreshAsync(service.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.RefreshAsync(renewed.Line);
        var row = (await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={service.Id}&event=refresh_token_renewed"))[0];
        Assert.Equal("(command line)", row.Text("actor"));
    }

    [Fact]
    public async Task What_is_no_service_gets_no_token()
    {
        var (person, service) = (await host.CreatePersonAsync(), await host.CreateServiceAsync());
        await host.ChangeAsync(service.Id, new { state = "DISABLED" });

        (await host.RunAsync(["service", "renew", person.Id])).Refused(1, "service");
        (await host.RunAsync(["service", "renew", service.Id])).Refused(1, "enabled");
        (await host.RunAsync(["service", "renew", "_nobody"])).Refused(1, "_nobody");
        (await host.RunAsync(["service", "add", NewName("files")])).Refused(1, "\"_\"");
        (await host.RunAsync(["service", "add", service.Id.ToUpperInvariant()])).Refused(1, "in use");
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ServiceCommandTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ServiceCommandTests(store.Host);
}
