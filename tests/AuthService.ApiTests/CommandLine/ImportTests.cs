using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.CommandLine;

/// <summary>People from another system are imported with their password hashes.</summary>
public abstract class ImportTests(AuthHost host)
{
    [Fact]
    public async Task Bad_lines_are_told_by_their_numbers_and_take_nothing_from_the_good_ones()
    {
        using var file = new ImportFile();
        var (first, second, last) = (NewName("first"), NewName("second"), NewName("last"));
        file.Add($"\uFEFF{{\"id\":\"{first}\"}}", "\r\n") // 1
            .Add("not json").Add("").Add("   \t") // 2, blank 3 and 4
            .Add(new { id = "x", role = "BOSS" }).Add("""{"id":"x","id":"y"}""").Add([.. "{\"id\":\"b"u8, 0xFF, 0xFE, .. "\"}"u8]) // 5, 6, 7
            .Add($$"""{"id":"{{NewName("long")}}","firstNames":"{{new string('x', 200_000)}}"}""") // 8
            .Add($$"""{"id":"{{NewName("blanks")}}"}{{new string(' ', 200_000)}}""") // 9
            .Add(new { id = second }) // 10
            .Add(new { id = "x", passwordHash = "5f4dcc3b5aa765d61d8327deb882cf99" }).Add(new { id = "_service" }) // 11, 12
            .Add(new { id = " " }).Add(new { id = "x " }).Add(new { id = "ad\u200Bmin" }).Add(new { id = "(command line)" }) // 13 to 16
            .Add($$"""{"id":"{{last}}"}""", end: ""); // 17

        var report = (await file.ImportAsync(host)).Refused(1, "3 added, 0 already there, 12 bad lines");

        var told = report.Errors.Split('\n').Where(line => line.StartsWith("line ", StringComparison.Ordinal)).ToArray();
        string[] faults =
        [
            "2: .*JSON", "5: role", "6: .*twice", "7: .*JSON", "8: .*bytes", "9: .*bytes", "11: passwordHash", "12: .*begins with",
            "13: .*white space", "14: .*white space", "15: .*invisible", "16: .*audit log",
        ];
        Assert.Equal(faults.Length, told.Length);
        Assert.All(faults.Zip(told), pair => Assert.Matches($"^line {pair.First}", pair.Second));
        foreach (var id in new[] { first, second, last })
            Assert.Equal("ENABLED", (await host.ShowAsync(id)).Text("state"));
    }

    [Fact]
    public async Task What_is_not_read_is_told_once_and_what_is_misspelt_adds_nobody()
    {
        using var file = new ImportFile();
        var (plain, misspelt) = (NewName("plain"), NewName("misspelt"));
        file.Add(new { id = plain, shoeSize = 38 }).Add(new { id = plain, shoeSize = 39, nickname = "x" })
            .Add(new { id = misspelt, password_hash = ImportFile.Hash });
        for (var i = 0; i < 60; i++)
            file.Add($$"""{"id":"{{plain}}","extra-{{i}}\n":1}""");

        var report = (await file.ImportAsync(host)).Refused(1, "1 added, 61 already there, 1 bad lines");

        Assert.Contains("line 3: \"password_hash\" is not read: write passwordHash", report.Errors, StringComparison.Ordinal);
        var told = Assert.Single(report.Errors.Split('\n'), line => line.StartsWith("not read: ", StringComparison.Ordinal));
        Assert.Contains("\"shoeSize\" (2 lines)", told, StringComparison.Ordinal);
        Assert.Contains("\"extra-0\\n\" (1 lines)", told, StringComparison.Ordinal);
        Assert.EndsWith("others (13 times)", told, StringComparison.Ordinal);
        await host.GetAsync($"/admin/principals/{misspelt}", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Everything_that_is_said_of_somebody_is_taken()
    {
        using var file = new ImportFile();
        var id = NewName("Ada");
        file.Add($$"""
            {"id":"{{id}}","role":"ADMIN","passwordHash":"{{ImportFile.Hash}}","firstNames":"Ada","lastName":"L\u00f6w","email":"ada@example.com",
            "orgId":"7","locale":"de","canImpersonate":true,"agreement":{"state":"REQUESTED"},"passwordResetRequested":true,
            "services":[{"serviceName":"EQUISOFT_CONNECT","maxConcurrentAccess":2.0}]}
            """.ReplaceLineEndings(""));

        var report = (await file.ImportAsync(host)).Expect(0);

        Assert.StartsWith("1 added", report.Line, StringComparison.Ordinal);
        var shown = await host.ShowAsync(id);
        Assert.Equal(
            ("ADMIN", "Ada", "L\u00F6w", "ada@example.com"),
            (shown.Text("role"), shown.Text("firstNames"), shown.Text("lastName"), shown.Text("email")));
        Assert.Equal(("7", "de", "REQUESTED"), (shown.Text("orgId"), shown.Text("locale"), shown.GetProperty("agreement").Text("state")));
        Assert.True(shown.GetProperty("canImpersonate").GetBoolean() && shown.GetProperty("passwordResetRequested").GetBoolean());
        Assert.Equal(2, shown.GetProperty("services")[0].GetProperty("maxConcurrentAccess").GetInt32());
        var row = (await host.AuditAsync(await host.AdminTokenAsync(), "?event=principals_imported&limit=1"))[0];
        Assert.Equal("(command line)", row.Text("actor"));
        Assert.Contains(id, row.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_there_already_stays_as_they_are()
    {
        using var file = new ImportFile();
        var (person, twin) = (await host.CreatePersonAsync(new() { ["firstNames"] = "Before" }), NewName("Twin"));
        file.Add(new { id = person.Id.ToUpperInvariant(), passwordHash = ImportFile.Hash, firstNames = "After", role = "ADMIN" })
            .Add(new { id = twin, firstNames = "First" }).Add(new { id = twin.ToUpperInvariant(), firstNames = "Second" });

        var report = (await file.ImportAsync(host)).Expect(0);

        Assert.StartsWith("1 added, 2 already there", report.Line, StringComparison.Ordinal);
        await host.LoginAsync(person);
        Assert.Equal(("Before", "USER"), ((await host.ShowAsync(person.Id)).Text("firstNames"), (await host.ShowAsync(person.Id)).Text("role")));
        Assert.Equal("First", (await host.ShowAsync(twin)).Text("firstNames"));
        Assert.StartsWith("0 added, 3 already there", (await file.ImportAsync(host)).Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_disabled_and_those_without_a_password_do_not_sign_in()
    {
        using var file = new ImportFile();
        var (disabled, bare) = (NewName("disabled"), NewName("bare"));
        file.Add(new { id = disabled, passwordHash = ImportFile.Hash, state = "DISABLED" }).Add(new { id = bare });

        (await file.ImportAsync(host)).Expect(0);

        await host.TryLoginAsync(disabled, ImportFile.HashedPassword).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.TryLoginAsync(bare, ImportFile.HashedPassword).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.ChangeAsync(disabled, new { state = "ENABLED" });
        await host.LoginAsync(disabled, ImportFile.HashedPassword);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ImportTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ImportTests(store.Host);
}
