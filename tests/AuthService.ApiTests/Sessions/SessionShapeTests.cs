using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>The responses contain exactly the members that generated clients read. Ids and times are replaced, because they change with each run.</summary>
public abstract partial class SessionShapeTests(AuthHost host)
{
    private const string Plain =
        """
        {"sessionId":"UUID","state":"ENABLED","created":"MOMENT","suspend":"MOMENT","expire":"MOMENT","user":{"id":0,"uuid":"UUID",
        "displayName":"Ann Smith","email":"ann@example.com","locale":"fr-CA","state":"ENABLED","locked":false,"legacyRoles":["USER"],
        "deletable":true,"billable":true,"agreement":{"state":"ACCEPTED"},"services":[{"serviceName":"EQUISOFT_CONNECT",
        "maxConcurrentAccess":3},{"serviceName":"CPANEL"}],"servicesUsers":[],"authType":"PASSWORD","created":"MOMENT"},
        "enabledForEquisoftConnect":false,"mobile":false}
        """;

    private const string Impersonating =
        """
        {"sessionId":"UUID","state":"ENABLED","created":"MOMENT","suspend":"MOMENT","expire":"MOMENT","user":{"id":0,"uuid":"UUID",
        "displayName":"person-NAME","email":"","locale":"en","state":"ENABLED","locked":false,"legacyRoles":["USER"],
        "deletable":true,"billable":true,"agreement":{"state":"ACCEPTED"},"services":[],"servicesUsers":[],"authType":"PASSWORD","created":"MOMENT"},
        "enabledForEquisoftConnect":false,"mobile":false,"actor":{"id":0,"uuid":"UUID",
        "displayName":"person-NAME","email":"","locale":"en","state":"ENABLED","locked":false,"legacyRoles":["ADMIN"],
        "deletable":true,"billable":true,"agreement":{"state":"ACCEPTED"},"services":[],"servicesUsers":[],"authType":"PASSWORD","created":"MOMENT"}}
        """;

    [Fact]
    public async Task A_session_of_somebody_of_whom_everything_is_known()
    {
        var service = await host.NewServiceTokenAsync();
        var person = await host.CreatePersonAsync(new()
        {
            ["firstNames"] = "Ann",
            ["lastName"] = "Smith",
            ["email"] = "ann@example.com",
            ["locale"] = "fr-CA",
            ["services"] = new JsonArray(
                new JsonObject { ["serviceName"] = "EQUISOFT_CONNECT", ["maxConcurrentAccess"] = 3 }, new JsonObject { ["serviceName"] = "CPANEL" }),
        });

        Assert.Equal(OnOneLine(Plain), Timeless((await host.GetSessionAsync(service, await host.OpenAsync(service, person))).ToString()));
    }

    [Fact]
    public async Task A_session_in_which_one_person_acts_as_another_of_whom_nothing_is_known()
    {
        var person = await host.CreatePersonAsync();
        var (_, session) = await host.ImpersonatorAsync();

        var shown = await host.ImpersonateAsync(session.AccessToken, session.SessionId, person);

        Assert.Equal(OnOneLine(Impersonating), Timeless(shown.ToString()));
    }

    /// <summary>Existing clients know only four product names. They would fail at any other name, after the session was already created.</summary>
    [Fact]
    public async Task Of_products_that_existing_clients_do_not_know_nothing_is_shown()
    {
        var (service, admin) = (await host.NewServiceTokenAsync(), await host.AdminTokenAsync());
        string[] names = ["REPORTS", "EQUISOFT_CONNECT", "EQUISOFT_PLAN", "EQUISOFT_ANALYZE_FOR_ADVISORS", "CPANEL", "cpanel"];
        var person = await host.CreatePersonAsync(new()
        {
            ["services"] = new JsonArray([.. names.Select(JsonNode (name) => new JsonObject { ["serviceName"] = name, ["maxConcurrentAccess"] = 1 })]),
        });

        var opened = await host.GetSessionAsync(service, await host.OpenAsync(service, person));

        Assert.Equal(names[1..5], NamesOf(opened.GetProperty("user")), StringComparer.Ordinal);
        Assert.Equal(names, NamesOf(await host.GetAsync($"/admin/principals/{person.Id}", admin).ExpectAsync(HttpStatusCode.OK)), StringComparer.Ordinal);
    }

    /// <summary>Clients use these members to find the identity provider of the person.</summary>
    [Fact]
    public async Task While_it_impersonates_the_single_sign_on_is_the_administrators()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, _) = await host.ImpersonatorAsync();
        var sso = new JsonObject { ["provider"] = "entra", ["identifier"] = "root@corp" };
        var id = await host.OpenAsync(service, administrator, new() { ["sso"] = sso });

        var shown = await host.ImpersonateAsync(service, id, person);

        Assert.False(shown.GetProperty("user").TryGetProperty("ssoProvider", out _));
        Assert.False(shown.GetProperty("user").TryGetProperty("ssoIdentifier", out _));
        var actor = shown.GetProperty("actor");
        Assert.Equal(("entra", "root@corp"), (actor.GetProperty("ssoProvider").Text("code"), actor.Text("ssoIdentifier")));
        Assert.Equal(("entra", "root@corp"), (shown.GetProperty("sso").Text("provider"), shown.GetProperty("sso").Text("identifier")));
    }

    [Fact]
    public async Task It_is_not_to_be_stored()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());

        using var response = await host.GetAsync($"/sessions/{await host.OpenAsync(service, person)}", service);

        Assert.True(response.Headers.CacheControl is { NoStore: true });
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    private static IEnumerable<string> NamesOf(JsonElement user) =>
        user.GetProperty("services").EnumerateArray().Select(service => service.Text("serviceName"));

    private static string OnOneLine(string text) => text.ReplaceLineEndings("");

    private static string Timeless(string json) =>
        Numbers().Replace(Names().Replace(Moments().Replace(Uuids().Replace(json, "\"UUID\""), "\"MOMENT\""), "person-NAME"), "\"id\":0");

    [GeneratedRegex("\"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Uuids();

    [GeneratedRegex(@"""\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?\+00:00""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Moments();

    [GeneratedRegex("person-[0-9a-f]{12}", RegexOptions.NonBacktracking)]
    private static partial Regex Names();

    [GeneratedRegex("\"id\":[1-9][0-9]*", RegexOptions.NonBacktracking)]
    private static partial Regex Numbers();

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SessionShapeTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SessionShapeTests(store.Host);
}
