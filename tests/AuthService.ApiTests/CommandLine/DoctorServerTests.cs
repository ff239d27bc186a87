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

        await FindsAsync(
            settings,
            $"ok    database servers: primary 127.0.0.1:{primary.Port}, standbys 127.0.0.1:{standby.Port}",
            "note  database servers: 127.0.0.1:1 does not answer",
            "note  database servers: commits do not wait for a standby");

        await primary.ReplicateSynchronouslyAsync();
        await FindsAsync(settings, "ok    database servers: commits wait for a synchronous standby");

        await standby.ExecuteAsync("SELECT pg_promote()");
        await primary.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = ''");
        await FindsAsync(settings, $"WRONG database servers: 127.0.0.1:{standby.Port}, 127.0.0.1:{primary.Port} each take");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs the doctor, several times if need be: on a busy machine a server may not answer within the second that it has.</summary>
    private async Task FindsAsync(Settings settings, params string[] lines)
    {
        string[] found = [];
        for (var runs = 0; runs < 5 && !lines.All(line => found.Any(told => told.StartsWith(line, StringComparison.Ordinal))); runs++)
            found = (await _folder.RunAsync(settings, ["doctor"])).Output.Split('\n');
        Assert.All(lines, line => Assert.Single(found, told => told.StartsWith(line, StringComparison.Ordinal)));
    }
}
