using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>PostgreSQL stops under load and comes back, with two instances on it.</summary>
public sealed class DatabaseRestartTests(DatabaseRestartTests.Instances on) : IClassFixture<DatabaseRestartTests.Instances>
{
    private const string KillAllBackends =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";

    /// <summary>
    /// Waits until the connections are gone. One that ends late would break during the next call, and its commit would then not be confirmed.
    /// </summary>
    private const string KillAllBackendsAndWait =
        "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";

    private readonly AuthHost _host = on.Host;
    private readonly AuthHost _twin = on.Twin;

    [Fact]
    public async Task A_crash_under_load_loses_nothing_and_is_over_five_seconds_after_it()
    {
        await using var trial = await FaultTrial.StartAsync(on.Around, _host, _twin);
        for (var fault = 0; fault < Effort.Of(1, 20); fault++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            trial.FaultBegins();
            await on.Postgres.CrashAsync();
            await _host.GetAsync("/health/ready").ExpectAsync(HttpStatusCode.ServiceUnavailable);
            await _twin.GetAsync("/health/live").ExpectAsync(HttpStatusCode.OK);
            await on.Postgres.StartAgainAsync();
            await trial.RecoverAsync();
        }

        await trial.JudgeAsync("PostgreSQL crashed and started again under load", _host.Database);
    }

    [Fact]
    public async Task Killing_all_connections_again_and_again_under_load_loses_nothing()
    {
        await using var trial = await FaultTrial.StartAsync(on.Around, _host, _twin);
        for (var fault = 0; fault < Effort.Of(3, 60); fault++)
        {
            await Task.Delay(Effort.Of(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
            await _host.Database.ExecuteAsync(KillAllBackends);
        }

        await trial.RecoverAsync();
        await trial.JudgeAsync($"All connections killed {Effort.Of(3, 60)} times under load", _host.Database);
    }

    [Fact]
    public async Task Connections_that_died_while_nobody_called_are_hidden_from_callers()
    {
        var person = await _host.CreatePersonAsync();
        var service = await _host.NewServiceTokenAsync();
        var session = await _host.LoginAsync(person);
        for (var round = 0; round < Effort.Of(5, 200); round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _host.RefreshAsync(session.RefreshToken)));
            await _host.Database.ExecuteAsync(KillAllBackendsAndWait);

            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _host.RefreshAsync(session.RefreshToken)));
            await _host.Database.ExecuteAsync(KillAllBackendsAndWait);

            await _host.PostAsync($"/auth/claim?jti={Guid.NewGuid()}", service).ExpectAsync(HttpStatusCode.NoContent);
            await _host.Database.ExecuteAsync(KillAllBackendsAndWait);

            await _host.LoginAsync(person);
        }

        ProofTable.Add("Faults", "Pooled connections that died meanwhile", $"{Effort.Of(5, 200) * 3} times all killed, 0 calls failed");
    }

    [Fact]
    public async Task What_was_refused_while_the_database_was_away_has_its_row_afterwards()
    {
        _host.Clock.Advance(TimeSpan.FromMinutes(1)); // The address has its hundred rows again, even if calls were refused before.
        await on.Postgres.CrashAsync();
        var traces = new List<string>();
        while (traces.Count < 20)
            traces.Add(await _host.GetAsync("/auth/sessions", "no.access.token").TraceIdAsync());
        await on.Postgres.StartAgainAsync();

        foreach (var trace in traces)
            Assert.Equal("UNAUTHENTICATED", (await _host.RefusalOfAsync(trace, askedAt: _twin)).Text("code"));
        ProofTable.Add("Faults", "Refusals while PostgreSQL is away", $"{traces.Count} refused, 0 rows lost");
    }

    /// <summary>Two instances on a separate server.</summary>
    public sealed class Instances : IAsyncLifetime
    {
        internal Surroundings Around { get; private set; } = null!;

        public PostgresInstance Postgres { get; private set; } = null!;

        public AuthHost Host { get; private set; } = null!;

        public AuthHost Twin { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Postgres = await PostgresInstance.PrepareAsync();
            await Postgres.StartAsync("synchronous_commit=on");
            Around = await Surroundings.StartAsync();
            Host = await AuthHost.StartOnAsync(TestDatabase.On(Postgres), Around.Settings);
            Twin = await Host.StartTwinAsync(Around.Settings);
            (Host.SignInAdministrator, Twin.SignInAdministrator) = (Around.SignInAdministratorAsync, Around.SignInAdministratorAsync);
        }

        public async Task DisposeAsync()
        {
            await Twin.DisposeAsync();
            await Host.DisposeAsync();
            await Around.DisposeAsync();
            Postgres.Dispose();
        }
    }
}
