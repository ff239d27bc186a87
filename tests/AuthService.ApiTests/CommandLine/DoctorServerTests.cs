using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The doctor checks each server when PostgreSQL has several.</summary>
public sealed class DoctorServerTests : IDisposable
{
    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task Each_server_is_named_with_what_it_is_and_so_is_what_a_failover_would_lose()
    {
        using var primary = await PostgresInstance.PrepareAsync();
        await primary.StartAsync("synchronous_commit=on");
        using var standby = await primary.PrepareStandbyAsync();
        await standby.StartAsync();
        var database = TestDatabase.OnPrimaryOf($"Host=127.0.0.1:1,127.0.0.1:{standby.Port},127.0.0.1:{primary.Port};Username=postgres;Database=postgres");
        var settings = ServiceFolder.ForProduction().With(database.Settings).With(new() { ["Jwt:Issuer"] = "http://127.0.0.1:1" });

        var found = await _folder.RunAsync(settings, ["doctor"]);
        Finds(found, $"ok    database servers: primary 127.0.0.1:{primary.Port}, standbys 127.0.0.1:{standby.Port}");
        Finds(found, "note  database servers: 127.0.0.1:1 does not answer");
        Finds(found, "note  database servers: commits do not wait for a standby");

        await primary.ReplicateSynchronouslyAsync();
        Finds(await _folder.RunAsync(settings, ["doctor"]), "ok    database servers: commits wait for a synchronous standby");

        await standby.ExecuteAsync("SELECT pg_promote()");
        await primary.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = ''");
        Finds(await _folder.RunAsync(settings, ["doctor"]), $"WRONG database servers: 127.0.0.1:{standby.Port}, 127.0.0.1:{primary.Port} each take");
    }

    public void Dispose() => _folder.Dispose();

    private static void Finds(CommandResult found, string line) =>
        Assert.Single(found.Output.Split('\n'), told => told.StartsWith(line, StringComparison.Ordinal));
}
