using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>A sign-in with an identity provider finds, links or creates the right person.</summary>
public abstract class ProviderPeopleTests(AuthHost host, ProviderHosts hosts)
{
    private static readonly Settings RoleByClaim = new()
    {
        ["IdentityProviders:0:Role:Claim"] = "realm_access.roles",
        ["IdentityProviders:0:Role:Admin:0"] = "auth-admins",
    };

    private PlainProvider _provider = hosts.Reset();

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("\"true\"")]
    [InlineData("\"false\"")]
    [InlineData(null)]
    public async Task An_address_that_is_somebodys_is_a_page_and_nobody_is_made(string? verified)
    {
        var (owner, address) = await OwnerAsync(isConfirmed: verified is not "true");
        Says(address, verified);
        var linking = await hosts.TwinAsync(Settings(link: true));

        await (await new ProviderBrowser(linking).SignInAsync()).ExpectProblemAsync(HttpStatusCode.Forbidden, "has the e-mail address");

        Assert.Equal(owner.Id, Assert.Single(await PeopleAsync(address)).Text("id"));
    }

    [Fact]
    public async Task An_address_that_both_sides_have_verified_links_where_that_is_switched_on()
    {
        var (owner, address) = await OwnerAsync(isConfirmed: true);
        Says(address.ToUpperInvariant(), "true");
        var strict = await hosts.TwinAsync(Settings(link: false));
        await (await new ProviderBrowser(strict).SignInAsync()).ExpectProblemAsync(HttpStatusCode.Forbidden, "has the e-mail address");
        var linking = await hosts.TwinAsync(Settings(link: true));

        Assert.Equal(owner.Id, await SignInAsync(linking));
        _provider.Claims.Remove("email");
        Assert.Equal(owner.Id, await SignInAsync(linking));
    }

    [Fact]
    public async Task An_address_that_is_not_verified_is_not_kept_and_names_nobody()
    {
        Says($"{NewName("plain")}@example.com", "\"true\"");
        _provider.Claims["preferred_username"] = "victim@example.com";
        var twin = await hosts.TwinAsync(Settings());

        var person = await PersonAsync(await SignInAsync(twin));

        Assert.StartsWith("person-", person.Text("id"), StringComparison.Ordinal);
        Assert.True(!person.TryGetProperty("email", out var email) || email.ValueKind is JsonValueKind.Null);
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("ADMIN")]
    [InlineData("_files")]
    [InlineData("#P_cloud")]
    [InlineData("(command line)")]
    [InlineData("../x")]
    public async Task A_name_that_is_taken_or_reserved_is_nobodys_new_one(string name)
    {
        Says(address: null, verified: null);
        _provider.Claims["preferred_username"] = name;
        var twin = await hosts.TwinAsync(Settings());

        var id = await SignInAsync(twin);

        Assert.NotEqual(name, id, StringComparer.OrdinalIgnoreCase);
        Assert.Equal("USER", (await PersonAsync(id)).Text("role"));
    }

    [Fact]
    public async Task Without_new_people_only_those_who_are_linked_sign_in()
    {
        Says(address: null, verified: null);
        var closed = await hosts.TwinAsync(_provider.SettingsFor("Example Corp", createPersons: false));
        await (await new ProviderBrowser(closed).SignInAsync()).ExpectProblemAsync(HttpStatusCode.Forbidden, "Nobody here belongs to this sign-in");

        var open = await hosts.TwinAsync(Settings());
        var id = await SignInAsync(open);

        Assert.Equal(id, await SignInAsync(closed));
    }

    [Theory]
    [InlineData("DISABLED")]
    [InlineData(null)]
    public async Task Who_is_disabled_or_deleted_does_not_sign_in(string? state)
    {
        Says(address: null, verified: null);
        var twin = await hosts.TwinAsync(Settings());
        var path = $"/admin/principals/{Uri.EscapeDataString(await SignInAsync(twin))}";
        await (state is null
            ? twin.DeleteAsync(path, await twin.AdminTokenAsync())
            : twin.PatchAsync(path, await twin.AdminTokenAsync(), new { state })).ExpectAsync(state is null ? HttpStatusCode.NoContent : HttpStatusCode.OK);

        await (await new ProviderBrowser(twin).SignInAsync()).ExpectProblemAsync(HttpStatusCode.Unauthorized, "may not sign in here any more");
    }

    [Fact]
    public async Task The_role_follows_the_claim_where_the_settings_say_so()
    {
        Says(address: null, verified: null);
        var twin = await hosts.TwinAsync(Settings().With(RoleByClaim));

        var id = await SignInAsync(twin);
        Assert.Equal("USER", (await PersonAsync(id)).Text("role"));
        _provider.Claims["realm_access"] = new JsonObject { ["roles"] = new JsonArray("staff", "auth-admins") };
        await SignInAsync(twin);
        Assert.Equal("ADMIN", (await PersonAsync(id)).Text("role"));
        _provider.Claims.Remove("realm_access");
        await SignInAsync(twin);
        Assert.Equal("USER", (await PersonAsync(id)).Text("role"));
    }

    [Fact]
    public async Task The_last_administrator_stays_one_whatever_the_claim_says()
    {
        await using var own = await host.StartAnotherAsync();
        await using var provider = await PlainProvider.StartAsync(own.Clock);
        await using var twin = await own.StartTwinAsync(provider.SettingsFor("Example Corp").With(RoleByClaim));
        provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["realm_access"] = new JsonObject { ["roles"] = new JsonArray("auth-admins") } };
        await SignInAsync(twin);
        await own.Database.ExecuteAsync($"UPDATE principals SET role = 0 WHERE id = '{AuthHost.AdminId}'");
        provider.Claims.Remove("realm_access");

        var browser = new ProviderBrowser(twin);
        (await browser.SignInAsync()).Dispose();

        await own.GetAsync("/admin/principals", browser.AuthState().Text("accessToken")).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_new_key_of_the_provider_is_looked_up_once()
    {
        Says(address: null, verified: null);
        _provider = await hosts.StartProviderAsync();
        await using var twin = await host.StartTwinAsync(Settings());
        await SignInAsync(twin);
        var read = _provider.KeysRead;

        _provider.RotateKey();
        await SignInAsync(twin);
        await SignInAsync(twin);

        Assert.Equal(read + 1, _provider.KeysRead);
    }

    [Fact]
    public async Task A_sign_in_replaces_the_session_of_the_browser_and_knows_its_device()
    {
        Says(address: null, verified: null);
        var twin = await hosts.TwinAsync(Settings());
        var browser = new ProviderBrowser(twin);
        (await browser.SignInAsync()).Dispose();
        var (first, device) = (browser.AuthState().Text("accessToken"), browser.Cookies["device"]);

        (await browser.SignInAsync()).Dispose();

        Assert.Equal(device, browser.Cookies["device"]);
        await twin.GetAsync("/account/auth/sessions/count", first).ExpectAsync(HttpStatusCode.Unauthorized);
        var count = await twin.GetAsync("/account/auth/sessions/count", browser.AuthState().Text("accessToken")).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(1, count.GetProperty("activeSessions").GetInt32());
    }

    private static async Task<string> SignInAsync(AuthHost twin)
    {
        var browser = new ProviderBrowser(twin);
        using var response = await browser.SignInAsync();
        await response.ExpectPageAsync(HttpStatusCode.OK);
        return Requests.ClaimsOf(browser.AuthState().Text("accessToken")).Text("sub");
    }

    private void Says(string? address, string? verified)
    {
        _provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["preferred_username"] = NewName("there") };
        if (address is not null)
            _provider.Claims["email"] = address;
        if (verified is not null)
            _provider.Claims["email_verified"] = JsonNode.Parse(verified);
    }

    private Settings Settings(bool link = false) =>
        _provider.SettingsFor("Example Corp").With(new() { ["IdentityProviders:0:LinkByVerifiedEmail"] = link ? "true" : "false" });

    private async Task<(Person Owner, string Address)> OwnerAsync(bool isConfirmed)
    {
        var address = $"{NewName("owner")}@example.com";
        var owner = await host.CreatePersonAsync(new JsonObject { ["email"] = address });
        if (isConfirmed)
            await host.Database.ExecuteAsync($"UPDATE principals SET email_verified_at = 1 WHERE id = '{owner.Id}'");
        return (owner, address);
    }

    private async Task<JsonElement> PersonAsync(string id) =>
        await host.GetAsync($"/admin/principals/{Uri.EscapeDataString(id)}", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);

    private async Task<JsonElement[]> PeopleAsync(string query) =>
        [.. (await host.AsAdminAsync(admin => host.GetAsync($"/admin/principals?query={Uri.EscapeDataString(query)}", admin))
            .ExpectAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray()];

    [Collection("sqlite")]
    public sealed class OnSqlite(ProviderHosts<SqliteStore> hosts) : ProviderPeopleTests(hosts.Host, hosts), IClassFixture<ProviderHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ProviderHosts<PostgresStore> hosts) : ProviderPeopleTests(hosts.Host, hosts), IClassFixture<ProviderHosts<PostgresStore>>;
}
