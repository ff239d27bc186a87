using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Admin;

/// <summary>Administrators need their current password to set a new one. The last enabled administrator cannot be demoted, disabled or deleted.</summary>
public abstract class OwnAccountTests(AuthHost host)
{
    [Fact]
    public async Task The_own_password_is_not_set_without_the_current_one()
    {
        var person = await host.CreatePersonAsync(new() { ["role"] = "ADMIN" });
        var (token, path) = ((await host.LoginAsync(person)).AccessToken, Administration.PathOf(person.Id.ToUpperInvariant()));

        Assert.Equal("OWN_PASSWORD", await host.PutAsync($"{path}/password", token, new { password = NewPassword() }).ProblemAsync(HttpStatusCode.Forbidden));
        Assert.Equal("OWN_PASSWORD", await host.PatchAsync(path, token, new { password = NewPassword() }).ProblemAsync(HttpStatusCode.Forbidden));

        await host.LoginAsync(person);
    }

    [Fact]
    public async Task The_last_enabled_administrator_stays()
    {
        await using var own = await host.StartAnotherAsync();
        var (admin, path) = (await own.AdminTokenAsync(), Administration.PathOf(AuthHost.AdminId));
        var second = await own.CreatePersonAsync(new() { ["role"] = "ADMIN" });
        await own.PatchAsync(Administration.PathOf(second.Id), admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);

        foreach (var change in new[] { new JsonObject { ["role"] = "USER" }, new JsonObject { ["state"] = "DISABLED" } })
            Assert.Equal("LAST_ADMINISTRATOR", await own.PatchAsync(path, admin, change).ProblemAsync(HttpStatusCode.Conflict));
        Assert.Equal("LAST_ADMINISTRATOR", await own.DeleteAsync(path, admin).ProblemAsync(HttpStatusCode.Conflict));
        await own.PatchAsync(path, admin, new { firstNames = "Ada", role = "ADMIN" }).ExpectAsync(HttpStatusCode.OK);

        await own.PatchAsync(Administration.PathOf(second.Id), admin, new { state = "ENABLED" }).ExpectAsync(HttpStatusCode.OK);
        await own.DeleteAsync(path, admin).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : OwnAccountTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : OwnAccountTests(store.Host);
}
