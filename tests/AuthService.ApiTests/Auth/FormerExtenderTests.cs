using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>Offline verifiers learn that an extended token is revoked, even if its extender had already lost the right to extend.</summary>
public abstract class FormerExtenderTests(Store store) : IAsyncLifetime
{
    private AuthHost _host = null!;

    public async Task InitializeAsync() => _host = await AuthHost.StartAsync(store);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>The current role does not tell what the person was allowed to do earlier.</summary>
    [Fact]
    public async Task Whoever_checks_offline_hears_of_a_former_administrator_too()
    {
        const string Former = "former";
        await using var own = await _host.StartTwinAsync(new() { [$"Extension:Policies:{Former}:0"] = "files:read" });
        var (admin, session) = (await own.AdminTokenAsync(), await own.SignedInPersonAsync());
        var former = await own.CreatePersonAsync(new JsonObject { ["id"] = Former, ["role"] = "ADMIN" });
        var token = await own.ExtendAsync((await own.LoginAsync(former)).AccessToken, session.AccessToken, "files:read");
        var validator = new OfflineValidator(own, await own.NewServiceTokenAsync());

        await own.PatchAsync(Administration.PathOf(Former), admin, new { role = "USER" }).ExpectAsync(HttpStatusCode.OK);
        Assert.True(await own.HoldsAsync(token));
        await own.PatchAsync(Administration.PathOf(Former), admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);

        Assert.False(await own.HoldsAsync(token));
        await validator.LearnsOfAsync(token);
    }

    /// <summary>Another service extends the token again. The audit entry of this last extension does not name the former administrator.</summary>
    [Fact]
    public async Task Whoever_checks_offline_hears_of_what_others_made_of_a_former_administrators_token()
    {
        const string Former = "former";
        await using var own = await _host.StartTwinAsync(new() { [$"Extension:Policies:{Former}:0"] = "files:read" });
        var session = await own.SignedInPersonAsync();
        var former = await own.CreatePersonAsync(new JsonObject { ["id"] = Former, ["role"] = "ADMIN" });
        var token = await ExtendForADayAsync(own, (await own.LoginAsync(former)).AccessToken, session.AccessToken);
        await own.PatchAsync(Administration.PathOf(Former), await own.AdminTokenAsync(), new { role = "USER" }).ExpectAsync(HttpStatusCode.OK);
        own.Clock.Advance(TimeSpan.FromHours(23));
        token = await ExtendForADayAsync(own, await own.NewServiceTokenAsync("_svc2"), token);
        own.Clock.Advance(TimeSpan.FromHours(2));
        var validator = new OfflineValidator(own, await own.NewServiceTokenAsync());

        await own.PatchAsync(Administration.PathOf(Former), await own.AdminTokenAsync(), new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);

        Assert.False(await own.HoldsAsync(token));
        await validator.LearnsOfAsync(token);
    }

    private static async Task<string> ExtendForADayAsync(AuthHost host, string caller, string token) =>
        (await host.TryExtendAsync(caller, token, ["files:read"], 24 * 60 * Delegations.Minute).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

    public sealed class OnSqlite() : FormerExtenderTests(Store.Sqlite);

    public sealed class OnPostgres() : FormerExtenderTests(Store.Postgres);
}
