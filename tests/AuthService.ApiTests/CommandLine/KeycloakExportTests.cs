using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The recipe in src/AuthService/OPERATIONS.md works on users as Keycloak 26 exports them with their realm.</summary>
public abstract partial class KeycloakExportTests(AuthHost host)
{
    private const string Credentials = """
        [{"id":"0cd62ab9-3a5c-4d0c-9d49-64b6ed4f6e5a","type":"otp","secretData":"{\"value\":\"x\"}","credentialData":"{\"subType\":\"totp\"}"},
        {"id":"7b1a8a51-0e1c-4f37-8f5f-5a7b3e2a9b6c","type":"password","userLabel":"My password","createdDate":1763000000000,
        "secretData":"{\"value\":\"xKjWvB9+0sSP6wTqI1JoEI7w+iA0x9VDhPgmrOHRG80=\",\"salt\":\"LRScGShC7shkdoU5B1UgUQ==\",\"additionalParameters\":{}}",
        "credentialData":"{\"hashIterations\":5,\"algorithm\":\"argon2\",\"additionalParameters\":
        {\"memory\":[\"7168\"],\"type\":[\"id\"],\"version\":[\"1.3\"],\"parallelism\":[\"1\"]}}"}]
        """;

    [Fact]
    public async Task Everybody_comes_along_as_they_are_there()
    {
        var (ada, disabled, owing, bare) = (NewName("ada"), NewName("disabled"), NewName("owing"), NewName("bare"));
        var account = NewName("service-account");
        var lines = await ConvertAsync($$"""
            {"realm":"staff","enabled":true,"users":[
            {"username":"{{ada}}","firstName":"Ada","email":"ada@example.com","emailVerified":true,"enabled":true,
            "credentials":{{Credentials}},"requiredActions":[]},
            {"username":"{{disabled}}","enabled":false,"credentials":{{Credentials}},"requiredActions":[]},
            {"username":"{{owing}}","enabled":true,"credentials":{{Credentials}},"requiredActions":["VERIFY_EMAIL","UPDATE_PASSWORD"]},
            {"username":"{{bare}}","lastName":"Bare","email":"somebody@example.com","emailVerified":false,"enabled":true,"credentials":[],"requiredActions":[]},
            {"username":"{{account}}","enabled":true,"serviceAccountClientId":"shop","credentials":[]}]}
            """);
        using var file = new ImportFile();
        foreach (var line in lines)
            file.Add(line);

        Assert.StartsWith("4 added", (await file.ImportAsync(host)).Expect(0).Line, StringComparison.Ordinal);

        await ExpectAsync(ada, ("state", "ENABLED"), ("firstNames", "Ada"), ("email", "ada@example.com"));
        await ExpectAsync(bare, ("state", "ENABLED"), ("lastName", "Bare"), ("email", null)); // the address was not confirmed
        Assert.Equal("DISABLED", (await host.ShowAsync(disabled)).Text("state"));
        await host.LoginAsync(ada, "secret");
        await host.TryLoginAsync(disabled, "secret").RefusedAsync(HttpStatusCode.Unauthorized);
        await host.Http.ResetTokenAsync(owing, "secret");
    }

    private async Task ExpectAsync(string id, params (string Name, string? Value)[] members)
    {
        var shown = await host.ShowAsync(id);
        Assert.All(members, member => Assert.Equal(member.Value, shown.GetProperty(member.Name).GetString()));
    }

    /// <summary>Runs the conversion exactly as the document shows it, with the export on standard input.</summary>
    private static async Task<string[]> ConvertAsync(string export)
    {
        var paper = await File.ReadAllTextAsync(Path.Combine(TestResults.Root, "src/AuthService/OPERATIONS.md"));
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var jq = Process.Start(new ProcessStartInfo("jq", ["-c", Recipe().Match(paper).Groups["expression"].Value])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
        })!;
        await jq.StandardInput.WriteAsync(export.ReplaceLineEndings(""));
        jq.StandardInput.Close();
        var lines = (await jq.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await jq.WaitForExitAsync();
        Assert.Equal(0, jq.ExitCode);
        return lines;
    }

    [GeneratedRegex("jq -c '(?<expression>[^']+)'", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Recipe();

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : KeycloakExportTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : KeycloakExportTests(store.Host);
}
