using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AuthService.ApiTests.CommandLine;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>
/// The keys of two deployed instances are replaced in their settings, one instance after the other, while both are in full use. Neither refuses a
/// valid token.
/// </summary>
public abstract class RollingRotationTests(Store store) : IDisposable
{
    private const int Clients = 4;
    private static readonly int Rotations = Effort.Of(1, 40);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan UntilNoticed = Effort.Of(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(25)); // other tests run as well

    private readonly Random _chance = new(Effort.Seed);
    private readonly ServiceFolder[] _folders = [new(), new()];
    private readonly SettingFolder[] _files = [new(), new()];

    [Fact]
    public async Task Not_one_call_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync(store);
        await using var collector = await OtlpReceiver.StartAsync();
        var settings = ServiceFolder.ForProduction().With(new() { ["RateLimits:Enabled"] = "false" }).With(database.Settings).With(collector.Settings);
        await WriteInTurnAsync(SigningKeys.At(0, "ES256", "key-0"));
        await using var one = _folders[0].Start(settings.With(_files[0].Settings));
        await using var other = _folders[1].Start(settings.With(_files[1].Settings));
        ServiceProcess[] instances = [one, other];
        foreach (var instance in instances)
            await instance.WaitUntilReadyAsync();
        await using var load = await RotationLoad.StartAsync(instances, Clients);

        for (var rotation = 1; rotation <= Rotations; rotation++)
            await RotateAsync(instances, load, rotation);
        await load.StopAsync();

        ProofTable.Add("Races", $"key rotation, rolling ({store})",
            $"{Rotations:N0} rotations, {load.Calls:N0} calls, {load.Refusals.Count} refused, seed {Effort.Seed}");
        Assert.Empty(load.Refusals);
        Assert.Equal(Enumerable.Range(0, Rotations + 1).Select(NameOf).Order(StringComparer.Ordinal), await PublishedAsync(one), StringComparer.Ordinal);
        await collector.WaitForMetricAsync("authservice.signing_keys.state");
        await collector.WaitForMetricAsync("authservice.signing_keys.age");
        Assert.All([NameOf(0), NameOf(1), "coming", "signing", "retired"], text => Assert.True(collector.Holds(text), text));
    }

    public void Dispose()
    {
        Array.ForEach(_folders, folder => folder.Dispose());
        Array.ForEach(_files, folder => folder.Dispose());
        GC.SuppressFinalize(this);
    }

    private static string NameOf(int key) => $"key-{key}";

    private async Task RotateAsync(ServiceProcess[] instances, RotationLoad load, int rotation)
    {
        var (old, coming, activeFrom) = (NameOf(rotation - 1), NameOf(rotation), TimeProvider.System.GetUtcNow() + UntilNoticed);
        await WriteInTurnAsync(SigningKeys.At(rotation, rotation % 2 == 0 ? "ES256" : "ES384", coming, activeFrom));
        await UntilAsync(instances, async instance => (await PublishedAsync(instance)).Contains(coming, StringComparer.Ordinal), $"{coming} is published");
        Assert.True(TimeProvider.System.GetUtcNow() < activeFrom, "The coming key was noticed too late for this test");
        await ExpectAsync(instances, (old, "active signs"), (coming, "coming"));
        Assert.Equal(0, load.SignedBy(coming));

        await UntilAsync(instances, _ => Task.FromResult(load.SignedBy(coming) > 0), $"{coming} signs");
        await ExpectAsync(instances, (old, "active"), (coming, "active signs"));

        await WriteInTurnAsync(SigningKeys.Dates(rotation - 1, retireAfter: TimeProvider.System.GetUtcNow()));
        await UntilAsync(instances, async instance => await StateAsync(instance, old) == "retired", $"{old} retires");
        var (byOld, byNew) = (load.SignedBy(old), load.SignedBy(coming));
        await UntilAsync(instances, _ => Task.FromResult(load.SignedBy(coming) > byNew + 50), $"{coming} goes on signing");
        Assert.Equal(byOld, load.SignedBy(old));
        Assert.True(byOld > 50, $"{old} signed only {byOld} tokens");
    }

    /// <summary>Writes the settings of one instance after the other.</summary>
    private async Task WriteInTurnAsync(Settings settings)
    {
        _chance.Shuffle(_files);
        foreach (var files in _files)
        {
            files.Write(settings);
            await Task.Delay(_chance.Next(1_000));
        }
    }

    private static async Task<string[]> PublishedAsync(ServiceProcess service)
    {
        var document = await service.Http.GetAsync("/.well-known/jwks.json").ExpectAsync(HttpStatusCode.OK);
        return [.. document.GetProperty("keys").EnumerateArray().Select(key => key.Text("kid")).Order(StringComparer.Ordinal)];
    }

    private static async Task ExpectAsync(ServiceProcess[] instances, params (string Key, string State)[] expected)
    {
        foreach (var instance in instances)
        {
            foreach (var (key, state) in expected)
                Assert.Equal((key, state), (key, await StateAsync(instance, key)));
        }
    }

    /// <summary>Gets the state of a key from the administration API. A key has an age unless its state is "coming".</summary>
    private static async Task<string> StateAsync(ServiceProcess service, string keyId)
    {
        var signIn = await service.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/signing-keys");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", signIn.Text("accessToken"));
        var keys = await service.Http.SendAsync(request).ExpectAsync(HttpStatusCode.OK);
        var key = Assert.Single(keys.EnumerateArray(), key => key.Text("id") == keyId);
        Assert.Equal(keyId != NameOf(0) && key.Text("state") != "coming", key.GetProperty("ageSeconds").ValueKind is JsonValueKind.Number);
        return string.Create(CultureInfo.InvariantCulture, $"{key.Text("state")}{(key.GetProperty("signs").GetBoolean() ? " signs" : "")}");
    }

    private static async Task UntilAsync(ServiceProcess[] instances, Func<ServiceProcess, Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        foreach (var instance in instances)
        {
            while (!await condition(instance))
            {
                Assert.True(waited.Elapsed < Patience, $"It did not come that {what}");
                await Task.Delay(50);
            }
        }
    }

    public sealed class OnSqlite() : RollingRotationTests(Store.Sqlite);

    public sealed class OnPostgres() : RollingRotationTests(Store.Postgres);
}
