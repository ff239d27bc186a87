using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;

namespace AuthService.ApiTests.Admin;

/// <summary>GET /admin/login-services and /admin/signing-keys show the configuration without any secret.</summary>
public abstract class ConfigurationTests(AuthHost host)
{
    [Fact]
    public async Task Login_services_are_shown_as_configured()
    {
        await using var own = await host.StartAnotherAsync(new()
        {
            ["LoginServices:portal:Endpoint"] = "https://portal.example.com/in",
            ["LoginServices:portal:Mode"] = "Application",
            ["LoginServices:portal:IdleTimeout"] = "00:30:00",
            ["LoginServices:portal:Lifetime"] = "1.00:00:00",
        });

        var services = (await own.GetAsync("/admin/login-services", await own.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK)).EnumerateArray().ToArray();

        Assert.Equal(["app", "portal", "web"], services.Select(service => service.Text("name")), StringComparer.Ordinal);
        Assert.All(services, service => Assert.Equal(["endpoint", "idleTimeoutSeconds", "lifetimeSeconds", "mode", "name"], service.MemberNames()));
        Assert.Equal(("https://portal.example.com/in", "Application"), (services[1].Text("endpoint"), services[1].Text("mode")));
        Assert.Equal((1_800, 86_400), (services[1].GetProperty("idleTimeoutSeconds").GetInt64(), services[1].GetProperty("lifetimeSeconds").GetInt64()));
        Assert.Equal(("Web", JsonValueKind.Null), (services[2].Text("mode"), services[2].GetProperty("lifetimeSeconds").ValueKind));
    }

    [Fact]
    public async Task Signing_keys_are_shown_with_state_dates_and_age()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var own = await host.StartAnotherAsync(new Settings()
            .With(SigningKeys.At(1, "ES256", "retired", activeFrom: now.AddDays(-30), retireAfter: now.AddHours(-1)))
            .With(SigningKeys.At(2, "ES384", "dead", activeFrom: now.AddDays(-60), retireAfter: now.AddDays(-30)))
            .With(SigningKeys.At(3, "RS256", "newest", activeFrom: now.AddDays(-1)))
            .With(SigningKeys.At(4, "HS512", "coming", activeFrom: now.AddDays(1))));

        var answer = await own.GetAsync("/admin/signing-keys", await own.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        var keys = answer.EnumerateArray().ToDictionary(key => key.Text("id"), StringComparer.Ordinal);

        Assert.All(keys.Values, key =>
            Assert.Equal(["activeFrom", "ageSeconds", "algorithm", "id", "published", "retireAfter", "signs", "state"], key.MemberNames()));
        Assert.Equal(("active", false, true), StateOf(keys["test-es256"]));
        Assert.Equal(("active", true, true), StateOf(keys["newest"]));
        Assert.Equal(("retired", false, true), StateOf(keys["retired"]));
        Assert.Equal(("retired", false, false), StateOf(keys["dead"]));
        Assert.Equal(("coming", false, true), StateOf(keys["coming"]));
        Assert.Equal(("HS512", JsonValueKind.Null), (keys["coming"].Text("algorithm"), keys["coming"].GetProperty("ageSeconds").ValueKind));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null),
            (keys["test-es256"].GetProperty("activeFrom").ValueKind, keys["test-es256"].GetProperty("ageSeconds").ValueKind));
        Assert.InRange(keys["newest"].GetProperty("ageSeconds").GetInt64(), 86_400, 86_400 + 300);
        Assert.Equal(now.AddHours(-1), keys["retired"].GetProperty("retireAfter").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("PRIVATE", answer.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    private static (string State, bool Signs, bool Published) StateOf(JsonElement key) =>
        (key.Text("state"), key.GetProperty("signs").GetBoolean(), key.GetProperty("published").GetBoolean());

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ConfigurationTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ConfigurationTests(store.Host);
}
