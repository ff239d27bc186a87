using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;
using Xunit.Sdk;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// An instance is killed (SIGKILL) after its database has committed and before the caller has the response. The caller then calls another instance.
/// </summary>
public sealed class KilledBeforeItAnswersTests : IAsyncLifetime
{
    /// <summary>The setting of the encryption key. The other instance must be able to read what one has encrypted.</summary>
    private const string KeyId = "Encryption:Keys:0:KeyId";

    /// <inheritdoc cref="KeyId"/>
    private const string Key = "Encryption:Keys:0:Key";

    /// <summary>The most attempts to kill an instance at that moment.</summary>
    private const int Attempts = 5;

    private readonly ServiceFolder _folder = new();
    private Settings _settings = null!;
    private TestDatabase _database = null!;
    private FaultProxy _proxy = null!;
    private AuthHost _survivor = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Store.Postgres);
        _proxy = new FaultProxy(new NpgsqlConnectionStringBuilder(_database.ConnectionString).Port);
        var settings = ServiceFolder.ForProduction();
        _survivor = await AuthHost.StartOnAsync(_database, new() { [KeyId] = settings[KeyId], [Key] = settings[Key] });
        _settings = settings.With(_database.ReachedAt(_proxy.Port).Settings).With(new() { ["CleanUp:Interval"] = "1.00:00:00" });
    }

    [Fact]
    public async Task The_claim_stands()
    {
        var service = await _survivor.CreateServiceAsync();

        var jti = await KillAfterCommitAsync(
            service.RefreshToken, Claim, HttpStatusCode.NoContent, "audit_events WHERE event = 'one_time_token_claimed' AND detail");

        await _survivor.TryClaimAsync(await _survivor.RefreshAsync(service.RefreshToken), jti).ExpectAsync(HttpStatusCode.Conflict);
        Checker.Expect([.. (await DatabaseSnapshot.ReadAsync(_database)).FindHalves()]);
        ProofTable.Add("Faults", "SIGKILL between commit and answer: claim", "committed, 409 for the retry");
    }

    [Fact]
    public async Task The_application_is_made_once_for_its_key()
    {
        var service = await _survivor.CreateServiceAsync();

        var key = await KillAfterCommitAsync(service.RefreshToken, Create, HttpStatusCode.Created, "applications WHERE name");

        var repeat = await Create(_survivor.Http, await _survivor.RefreshAsync(service.RefreshToken), key).ExpectAsync(HttpStatusCode.Created);
        var snapshot = await DatabaseSnapshot.ReadAsync(_database);
        Assert.Equal(repeat.Text("id"), Assert.Single(snapshot.Applications, made => made.Name == key).Id);
        Checker.Expect([.. snapshot.FindHalves()]);
        ProofTable.Add("Faults", "SIGKILL between commit and answer: idempotent POST", "committed, made once, the same answer for the retry");
    }

    public async Task DisposeAsync()
    {
        await _survivor.DisposeAsync();
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>
    /// Kills an instance between the commit and the response. If a worker queries the database in between, the instance dies before the commit or
    /// after the response. That proves nothing and is repeated.
    /// </summary>
    /// <param name="refreshToken">The refresh token of the caller.</param>
    /// <param name="call">The call, with a bearer token and a name.</param>
    /// <param name="success">The status of its response.</param>
    /// <param name="rows">The table that it writes, and SQL up to the column with the name.</param>
    /// <returns>The name that was committed without a response.</returns>
    private async Task<string> KillAfterCommitAsync(
        string refreshToken, Func<HttpClient, string, string, Task<HttpResponseMessage>> call, HttpStatusCode success, string rows)
    {
        for (var attempts = 0; attempts < Attempts; attempts++)
        {
            await using var victim = _folder.Start(_settings);
            await victim.WaitUntilReadyAsync();
            var bearer = (await Send(victim.Http, "/auth/refresh", refreshToken).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
            var name = NewName("name");
            var isLost = await IsLostAsync(
                victim, () => call(victim.Http, bearer, NewName("name")).ExpectAsync(success), () => call(victim.Http, bearer, name));
            var committed = await _database.CountAsync($"{rows} = '{name}'");
            _proxy.NextFault = null;
            _proxy.Cut(); // the server was not told that the client is gone
            if (isLost && committed is 1)
                return name;
        }

        throw new XunitException($"In {Attempts} attempts no instance died between commit and answer");
    }

    /// <param name="victim">The instance that is killed.</param>
    /// <param name="rehearse">The same call without a failure, which counts the queries to the database. The last query is the commit.</param>
    /// <param name="call">The call that gets no response.</param>
    /// <returns>Whether the call got no response.</returns>
    private async Task<bool> IsLostAsync(ServiceProcess victim, Func<Task> rehearse, Func<Task<HttpResponseMessage>> call)
    {
        await rehearse();
        var calls = int.MaxValue;
        for (var rehearsals = 0; rehearsals < 3; rehearsals++) // a worker may query in between, so the lowest number counts
        {
            var rehearsal = _proxy.NextFault = new ConnectionFault(ConnectionFaultKind.Hold, int.MaxValue);
            await rehearse();
            calls = Math.Min(calls, rehearsal.Calls);
        }

        var last = _proxy.NextFault = new ConnectionFault(ConnectionFaultKind.Hold, calls);
        var lost = call();
        await Task.WhenAny(lost, last.Happened).WaitAsync(TimeSpan.FromSeconds(60));
        await victim.SignalAsync("KILL");
        try
        {
            using var answer = await lost;
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    private static Task<HttpResponseMessage> Send(HttpClient http, string path, string bearer) => http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", bearer) } });

    private static Task<HttpResponseMessage> Claim(HttpClient http, string bearer, string jti) => Send(http, $"/auth/claim?jti={jti}", bearer);

    private static Task<HttpResponseMessage> Create(HttpClient http, string bearer, string key) => http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/api/v1/app")
        {
            Content = JsonContent.Create(new { name = key }),
            Headers = { { "Authorization", $"Bearer {bearer}" }, { "Idempotency-Key", key } },
        });
}
