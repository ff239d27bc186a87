using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http;

/// <summary>Client generators make names, types and addresses from the names in the documents.</summary>
[Collection("sqlite 2")]
public sealed partial class OperationNameTests(SqliteStore store)
{
    /// <summary>The RPCs of the contract (src/AuthService/README.md#auth-api).</summary>
    private const string Rpcs =
        """
        answerChallenge POST /auth/2fa/challenge
        answerChallengeForm POST /auth/2fa/challenge/form
        browseIdentityProviders GET /auth/browseIdentityProviders
        bulkInvalidate POST /auth/logout/bulk
        changeUserPassword POST /auth/users/password
        claim POST /auth/claim
        createCredentials POST /auth/2fa
        invalidateSessions DELETE /auth/sessions
        listUserSessions GET /auth/sessions
        logout POST /auth/logout
        passkeyLogin POST /auth/passkeys/login
        passkeyOptions POST /auth/passkeys/options
        passwordLogin POST /auth/login
        reauthenticate POST /auth/reauthenticate
        reauthenticateOptions POST /auth/reauthenticate/options
        refresh POST /auth/refresh
        removeSecondFactor DELETE /auth/2fa
        replaceRecoveryCodes POST /auth/2fa/recovery-codes
        requestOneTimeTokenWithAudience POST /auth/request
        startLogin GET /auth/startLogin
        tokenExtension POST /auth/extend
        twoFactorStatus GET /auth/2fa/status
        webLogout POST /auth/logout/web
        webRefresh POST /auth/refresh/web
        """;

    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["auth"] = "Auth",
        ["passwords"] = "Passwords",
        ["account"] = "Account",
        ["sessions"] = "Sessions",
        ["app-tokens"] = "App tokens",
        ["admin"] = "Administration",
        ["revocations"] = "Revocations",
        ["oauth"] = "OAuth",
        ["signals"] = "Shared signals",
        ["well-known"] = "Keys and metadata",
    };

    [Fact]
    public async Task Every_operation_has_a_name_and_no_two_have_the_same()
    {
        var operations = await store.Host.ListOperationsAsync();

        Assert.All(operations, operation => Assert.Matches(Name(), IdOf(operation)));
        Assert.Distinct(operations.Select(IdOf), StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_operations_of_the_Auth_API_are_the_RPCs()
    {
        var named = (await store.Host.ListOperationsAsync()).Where(operation => operation.Surface is "auth")
            .Select(operation => $"{IdOf(operation)} {operation}");

        Assert.Equal(Rpcs, string.Join('\n', named.Order(StringComparer.Ordinal)));
    }

    /// <summary>A row may list two routes: the name belongs to the first.</summary>
    [Fact]
    public async Task The_contract_calls_them_by_these_names()
    {
        var operations = (await store.Host.ListOperationsAsync()).ToDictionary(operation => $"{operation}", IdOf, StringComparer.Ordinal);
        var rows = RpcRow().Matches(await File.ReadAllTextAsync(Path.Combine(FindFolder(), "../../../src/AuthService/README.md")));

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(operations[row.Groups["route"].Value], row.Groups["name"].Value));
    }

    [Fact]
    public async Task Every_operation_is_listed_under_its_API() =>
        Assert.All(await store.Host.ListOperationsAsync(), operation =>
            Assert.Equal(Tags[operation.Surface], Assert.Single(operation.Description.GetProperty("tags").EnumerateArray()).GetString()));

    [Fact]
    public async Task JSON_stands_first_among_the_content_types()
    {
        var mixed = (await store.Host.ListOperationsAsync()).SelectMany(operation => operation.Bodies.GroupBy(body => (Operation: $"{operation}", body.Status)))
            .Where(bodies => bodies.Count() > 1 && bodies.Any(body => body.ContentType is "application/json")).ToList();

        Assert.All(mixed, bodies => Assert.Equal("application/json", bodies.First().ContentType));
        Assert.Contains(mixed, bodies => bodies.Key == ("POST /auth/login", null));
        Assert.Contains(mixed, bodies => bodies.Key == ("POST /auth/login", 200));
    }

    [Fact]
    public async Task The_servers_are_where_the_document_came_from_and_the_public_address() =>
        Assert.All(await store.Host.ListOperationsAsync(), operation => Assert.Equal(
            ["/", "http://localhost"],
            operation.Document.GetProperty("servers").EnumerateArray().Select(server => server.Text("url")),
            StringComparer.Ordinal));

    private static string IdOf(ApiOperation operation) =>
        operation.Description.TryGetProperty("operationId", out JsonElement id) ? id.GetString()! : $"none at {operation}";

    private static string FindFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(
        "^\\| `(?<name>[A-Za-z]+)` \\| `(?<route>[A-Z]+ /auth/[^`?]+)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex RpcRow();

    [GeneratedRegex("^[a-z][A-Za-z]+$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
