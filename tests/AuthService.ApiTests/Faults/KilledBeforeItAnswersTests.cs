using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>An instance dies (SIGKILL) after its database has committed and before its caller has the answer; the caller asks another instance.</summary>
public sealed class KilledBeforeItAnswersTests : IAsyncLifetime
{
    /// <summary>What one instance has sealed the other must be able to read.</summary>
    private const string KeyId = "Encryption:Keys:0:KeyId";

    /// <inheritdoc cref="KeyId"/>
    private const string Key = "Encryption:Keys:0:Key";

    private readonly ServiceFolder _folder = new();
    private TestDatabase _database = null!;
    private FaultProxy _proxy = null!;
    private AuthHost _survivor = null!;
    private ServiceProcess _victim = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Store.Postgres);
        _proxy = new FaultProxy(new NpgsqlConnectionStringBuilder(_database.ConnectionString).Port);
        var settings = ServiceFolder.ForProduction();
        _survivor = await AuthHost.StartOnAsync(_database, new() { [KeyId] = settings[KeyId], [Key] = settings[Key] });
        _victim = _folder.Start(settings.With(_database.ReachedAt(_proxy.Port).Settings).With(new() { ["CleanUp:Interval"] = "1.00:00:00" }));
        await _victim.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task The_claim_stands()
    {
        var service = await _survivor.CreateServiceAsync();
        var bearer = (await Post("/auth/refresh", service.RefreshToken).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        var jti = NewName("jti");

        await KillAfterCommitAsync(
            () => Post($"/auth/claim?jti={NewName("jti")}", bearer).ExpectAsync(HttpStatusCode.NoContent),
            () => Post($"/auth/claim?jti={jti}", bearer));

        await _survivor.TryClaimAsync(await _survivor.RefreshAsync(service.RefreshToken), jti).ExpectAsync(HttpStatusCode.Conflict);
        Checker.Expect([.. (await DatabaseSnapshot.ReadAsync(_database)).FindHalves()]);
        ProofTable.Add("Faults", "SIGKILL between commit and answer: claim", "committed, 409 for the retry");
    }

    [Fact]
    public async Task The_application_is_made_once_for_its_key()
    {
        var service = await _survivor.CreateServiceAsync();
        var bearer = (await Post("/auth/refresh", service.RefreshToken).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        var key = NewName("key");

        await KillAfterCommitAsync(
            () => Create(_victim.Http, bearer, NewName("key")).ExpectAsync(HttpStatusCode.Created),
            () => Create(_victim.Http, bearer, key));

        var repeat = await Create(_survivor.Http, await _survivor.RefreshAsync(service.RefreshToken), key).ExpectAsync(HttpStatusCode.Created);
        var snapshot = await DatabaseSnapshot.ReadAsync(_database);
        Assert.Equal(repeat.Text("id"), Assert.Single(snapshot.Applications, made => made.Name == key).Id);
        Checker.Expect([.. snapshot.FindHalves()]);
        ProofTable.Add("Faults", "SIGKILL between commit and answer: idempotent POST", "committed, made once, the same answer for the retry");
    }

    public async Task DisposeAsync()
    {
        await _victim.DisposeAsync();
        await _survivor.DisposeAsync();
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <param name="rehearse">The same call, done to its end, to see how often it asks the database: the last time is the commit.</param>
    /// <param name="call">The one that gets no answer.</param>
    private async Task KillAfterCommitAsync(Func<Task> rehearse, Func<Task<HttpResponseMessage>> call)
    {
        await rehearse();
        var calls = int.MaxValue;
        for (var rehearsals = 0; rehearsals < 3; rehearsals++) // what works in the background may ask in between, so the least counts
        {
            var rehearsal = _proxy.NextFault = new ConnectionFault(ConnectionFaultKind.Hold, int.MaxValue);
            await rehearse();
            calls = Math.Min(calls, rehearsal.Calls);
        }

        var last = _proxy.NextFault = new ConnectionFault(ConnectionFaultKind.Hold, calls);
        var lost = call();
        await last.Happened.WaitAsync(TimeSpan.FromSeconds(60));
        await _victim.SignalAsync("KILL");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => lost);
    }

    private Task<HttpResponseMessage> Post(string path, string bearer) => _victim.Http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", bearer) } });

    private static Task<HttpResponseMessage> Create(HttpClient http, string bearer, string key) => http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/api/v1/app")
        {
            Content = JsonContent.Create(new { name = key }),
            Headers = { { "Authorization", $"Bearer {bearer}" }, { "Idempotency-Key", key } },
        });
}
