using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The keys of the deployed service are exchanged in its settings while it is in full use: nobody notices.</summary>
public abstract class KeyRotationUnderLoadTests(Store store) : IDisposable
{
    private const int Clients = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan UntilNoticed = TimeSpan.FromSeconds(12);
    private readonly ServiceFolder _folder = new();
    private readonly SettingFolder _files = new();

    [Fact]
    public async Task Not_one_call_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync(store);
        await using var collector = await OtlpReceiver.StartAsync();
        _files.Write(SigningKeys.At(0, "ES256", "old-key"));
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new() { ["RateLimits:Enabled"] = "false" })
            .With(database.Settings).With(_files.Settings).With(collector.Settings));
        await service.WaitUntilReadyAsync();
        await using var load = await RotationLoad.StartAsync(service, Clients);

        var activeFrom = TimeProvider.System.GetUtcNow() + UntilNoticed;
        _files.Write(SigningKeys.At(1, "ES384", "new-key", activeFrom));
        await UntilAsync(async () => (await PublishedAsync(service)).Length == 2, "the coming key is published");
        Assert.True(TimeProvider.System.GetUtcNow() < activeFrom, "The coming key was noticed too late for this test");
        Assert.Equal(("active signs", "coming"), (await StandingAsync(service, "old-key"), await StandingAsync(service, "new-key")));
        Assert.Equal(0, load.SignedBy("new-key"));

        await UntilAsync(() => Task.FromResult(load.SignedBy("new-key") > 0), "the new key signs");
        Assert.Equal(("active", "active signs"), (await StandingAsync(service, "old-key"), await StandingAsync(service, "new-key")));

        _files.Write(SigningKeys.Dates(0, retireAfter: TimeProvider.System.GetUtcNow()));
        await UntilAsync(async () => await StandingAsync(service, "old-key") == "retired", "the old key retires");
        var (byOld, byNew) = (load.SignedBy("old-key"), load.SignedBy("new-key"));
        await UntilAsync(() => Task.FromResult(load.SignedBy("new-key") > byNew + 50), "the new key goes on signing");
        await load.StopAsync();

        Assert.Empty(load.Refusals);
        Assert.Equal(byOld, load.SignedBy("old-key"));
        Assert.True(byOld > 50, $"The old key signed only {byOld} tokens");
        Assert.Equal(["new-key", "old-key"], await PublishedAsync(service));
        await collector.WaitForMetricAsync("authservice.signing_keys.state");
        await collector.WaitForMetricAsync("authservice.signing_keys.age");
        Assert.All(["old-key", "new-key", "coming", "signing", "retired"], text => Assert.True(collector.Holds(text), text));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _files.Dispose();
        GC.SuppressFinalize(this);
    }

    private static async Task<string[]> PublishedAsync(ServiceProcess service)
    {
        var document = await service.Http.GetAsync("/.well-known/jwks.json").ExpectAsync(HttpStatusCode.OK);
        return [.. document.GetProperty("keys").EnumerateArray().Select(key => key.Text("kid")).Order(StringComparer.Ordinal)];
    }

    /// <summary>As the administration API shows it, age included where there is one.</summary>
    private static async Task<string> StandingAsync(ServiceProcess service, string keyId)
    {
        var signIn = await service.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/signing-keys");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", signIn.Text("accessToken"));
        var keys = await service.Http.SendAsync(request).ExpectAsync(HttpStatusCode.OK);
        var key = Assert.Single(keys.EnumerateArray(), key => key.Text("id") == keyId);
        Assert.Equal(keyId == "new-key" && key.Text("state") != "coming", key.GetProperty("ageSeconds").ValueKind is JsonValueKind.Number);
        return string.Create(CultureInfo.InvariantCulture, $"{key.Text("state")}{(key.GetProperty("signs").GetBoolean() ? " signs" : "")}");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"It did not come that {what}");
            await Task.Delay(50);
        }
    }

    public sealed class OnSqlite() : KeyRotationUnderLoadTests(Store.Sqlite);

    public sealed class OnPostgres() : KeyRotationUnderLoadTests(Store.Postgres);
}
