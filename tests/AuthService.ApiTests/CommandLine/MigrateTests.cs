using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The command <c>migrate</c> updates the schema when <c>Database:MigrateOnStart=false</c>.</summary>
public abstract class MigrateTests(Store store) : IDisposable
{
    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task Until_it_was_run_the_service_is_not_ready_and_other_commands_refuse()
    {
        await using var database = await TestDatabase.CreateAsync(store);
        var settings = ServiceFolder.ForProduction().With(new() { ["Database:MigrateOnStart"] = "false" }).With(database.Settings);
        await using var service = _folder.Start(settings);
        await service.WaitUntilListeningAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await service.StatusAsync("/health/ready"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await service.StatusAsync("/.well-known/jwks.json"));
        (await _folder.RunAsync(settings, ["user", "add", "ada"], NewPassword())).Refused(1, "migrate");
        (await _folder.RunAsync(settings, ["session", "purge"])).Refused(1, "migrate");

        (await _folder.RunAsync(settings, ["migrate"])).Expect(0);
        await service.WaitUntilReadyAsync();

        await service.TryLoginAsync("admin", AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
        (await _folder.RunAsync(settings, ["user", "add", "ada"], NewPassword())).Expect(0);
    }

    [Fact]
    public async Task Many_at_once_and_again_afterwards_all_succeed()
    {
        await using var database = await TestDatabase.CreateAsync(store);
        var settings = new Settings { ["environment"] = "Production" }.With(database.Settings);

        var together = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _folder.RunProcessAsync(settings, ["migrate"])));
        var again = await _folder.RunAsync(settings, ["migrate"]);

        Assert.All([.. together, again], migrated => Assert.Equal("The schema is current.", migrated.Line));
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    public sealed class OnSqlite() : MigrateTests(Store.Sqlite);

    public sealed class OnPostgres() : MigrateTests(Store.Postgres);
}
