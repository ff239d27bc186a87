using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Faults;

public sealed class DatabaseDownTests : IDisposable
{
    private const string Canary = "Canary-0f1e2d3c";

    /// <summary>Five seconds are meant. The test allows many times as much, because tests run in parallel on few cores.</summary>
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(90);

    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task Without_its_database_it_lives_says_so_and_is_ready_soon_after_it_is_there()
    {
        using var postgres = await PostgresInstance.PrepareAsync();
        await using var service = _folder.Start(On(postgres.ConnectionString));
        await service.WaitUntilListeningAsync();

        Assert.Equal(HttpStatusCode.OK, await service.StatusAsync("/health/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await service.StatusAsync("/health/ready"));
        await ExpectRefusalAsync(service.TryLoginAsync("admin", AuthHost.AdminPassword), "application/json");
        await ExpectRefusalAsync(service.Http.PostAsync("/auth/refresh", content: null), "application/json");
        await ExpectRefusalAsync(service.Http.GetAsync("/admin/principals"), "application/problem+json");

        await postgres.StartAsync();
        var waited = Stopwatch.StartNew();
        await service.WaitUntilReadyAsync();
        waited.Stop();

        Assert.InRange(waited.Elapsed, TimeSpan.Zero, ReadyTimeout);
        await service.TryLoginAsync("admin", AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
        Assert.DoesNotContain(service.Output.Concat(service.Errors), line => line.Contains(Canary, StringComparison.Ordinal));
        ProofTable.Add("Faults", "Database down at the start", $"503 meanwhile, ready {waited.Elapsed.TotalSeconds:F1} s after it is there");
    }

    [Fact]
    public async Task A_database_that_takes_calls_and_never_answers_holds_neither_the_start_nor_the_probes_up()
    {
        using var blackHole = new TcpListener(IPAddress.Loopback, 0);
        blackHole.Start();
        var port = ((IPEndPoint)blackHole.LocalEndpoint).Port;
        await using var service = _folder.Start(On($"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Timeout=300"));
        await service.WaitUntilListeningAsync();

        Assert.Equal(HttpStatusCode.OK, await service.StatusAsync("/health/live").WaitAsync(ReadyTimeout));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await service.StatusAsync("/health/ready").WaitAsync(ReadyTimeout));
        await ExpectRefusalAsync(service.TryLoginAsync("admin", AuthHost.AdminPassword).WaitAsync(ReadyTimeout), "application/json");
    }

    public void Dispose() => _folder.Dispose();

    private static Settings On(string connectionString) => ServiceFolder.ForProduction().With(new()
    {
        ["ConnectionStrings:Postgres"] = new NpgsqlConnectionStringBuilder(connectionString) { Password = Canary }.ConnectionString,
        ["Logging:LogLevel:Default"] = "Trace",
    });

    private static async Task ExpectRefusalAsync(Task<HttpResponseMessage> sending, string contentType)
    {
        using var response = await sending;
        await Task.FromResult(response).RefusalAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.MediaType);
        Assert.InRange(response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }
}
