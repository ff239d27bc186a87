using AuthService.ApiTests.Hosting;
using AuthService.Hosting.CommandLine;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>Commands explain wrong arguments and list what they offer. None of these calls uses a store.</summary>
public sealed class UsageTests : IDisposable
{
    private static readonly Settings NoStore = new()
    {
        ["environment"] = "Development",
        ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1;Username=nobody;Timeout=1",
    };

    private readonly ServiceFolder _folder = new();

    [Theory]
    [InlineData("frobnicate", "frobnicate")]
    [InlineData("user frobnicate", "frobnicate")]
    [InlineData("user", "command")]
    [InlineData("user add", "<id>")]
    [InlineData("user add ada lovelace", "lovelace")]
    [InlineData("user add ada --frob", "--frob")]
    [InlineData("user add ada --role BOSS", "--role")]
    [InlineData("user add ada --role SERVICE", "'USER'")]
    [InlineData("user add ada --password Correct-horse-77", "--password")]
    [InlineData("user password", "<id>")]
    [InlineData("user import", "<file>")]
    [InlineData("user import nothing.jsonl", "nothing.jsonl")]
    [InlineData("service add", "<id>")]
    [InlineData("session revoke", "--user, --session, --all and --restored-at")]
    [InlineData("session revoke --all --user ada", "--user, --session, --all and --restored-at")]
    [InlineData("session revoke --restored-at yesterday", "\"yesterday\" is no moment")]
    [InlineData("session revoke --restored-at 05/11/2026", "\"05/11/2026\" is no moment")]
    [InlineData("session revoke --restored-at 03:00", "\"03:00\" is no moment")]
    [InlineData("session revoke --restored-at 12", "\"12\" is no moment")]
    [InlineData("session revoke --restored-at 2026-11-28", "\"2026-11-28\" is no moment")]
    [InlineData("session revoke --restored-at 2999-01-01T00:00:00Z", "2999-01-01T00:00:00Z has not come yet")]
    [InlineData("session revoke --session 7", "--session")]
    [InlineData("webhook enable", "<id>")]
    [InlineData("webhook disable 7", "<id>")]
    [InlineData("webhook replay 018f0000-0000-7000-8000-000000000001", "--from")]
    [InlineData("webhook replay 018f0000-0000-7000-8000-000000000001 --from 2999-01-01T00:00:00Z", "2999-01-01T00:00:00Z has not come yet")]
    [InlineData("webhook replay 018f0000-0000-7000-8000-000000000001 --from 05/11/2026", "\"05/11/2026\" is no moment")]
    [InlineData("key generate --algorithm HS256", "--algorithm")]
    [InlineData("key generate --algorithm none", "'ES256'")]
    [InlineData("migrate now", "now")]
    [InlineData("verify", "<url>")]
    [InlineData("verify auth.example.com", "\"auth.example.com\" is no address")]
    [InlineData("verify ftp://auth.example.com", "\"ftp://auth.example.com\" is no address")]
    [InlineData("verify https://auth.example.com/?page=1", "is no address")]
    [InlineData("--environment Development doctor", "The command comes first: doctor")]
    [InlineData("--read-only verify https://auth.example.com", "The command comes first: verify")]
    [InlineData("--Sqlite:Path=auth.db user add ada", "The command comes first: user")]
    public async Task A_call_that_is_wrong_ends_with_2_and_names_the_fault(string call, string words) =>
        (await _folder.RunAsync(NoStore, call.Split(' '))).Refused(2, words);

    [Theory]
    [InlineData("--help", "doctor")]
    [InlineData("-h", "import")]
    [InlineData("user --help", "unlock")]
    [InlineData("user add --help", "--can-impersonate")]
    [InlineData("session revoke -h", "--session")]
    [InlineData("key generate --help", "A256GCM")]
    public async Task Who_asks_for_help_gets_it(string call, string words)
    {
        var help = (await _folder.RunAsync(NoStore, call.Split(' '))).Expect(0);

        Assert.Contains(words, help.Output, StringComparison.Ordinal);
        Assert.Empty(help.Errors);
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("user unlock ada")]
    [InlineData("service renew _files")]
    [InlineData("session purge")]
    public async Task Without_its_database_a_command_fails_in_words(string call) =>
        (await _folder.RunAsync(NoStore, call.Split(' '))).Refused(1, "127.0.0.1:1");

    [Fact]
    public async Task Each_command_that_the_help_lists_is_found_behind_settings_and_no_value_is_taken_for_one()
    {
        var help = (await _folder.RunProcessAsync(NoStore, ["--help"])).Expect(0).Output;

        var listed = help[help.IndexOf("Commands:", StringComparison.Ordinal)..].Split('\n').Skip(1)
            .Select(line => line.Trim().Split(' ')[0]).Where(name => name.Length > 0).ToList();

        Assert.Contains("doctor", listed, StringComparer.Ordinal);
        Assert.All(listed, command => Assert.True(Commands.IsCommand(["--Jwt:Issuer=here", command]), command));
        Assert.False(Commands.IsCommand(["--Bootstrap:Admin:Id", "user"]));
        Assert.False(Commands.IsCommand(["--urls", "http://127.0.0.1:0"]));
    }

    [Fact]
    public async Task Nothing_is_left_behind_by_a_wrong_call()
    {
        (await _folder.RunProcessAsync(new() { ["environment"] = "Development" }, ["user", "add"])).Refused(2, "<id>");

        var entries = Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName);
        Assert.All(entries, name => Assert.StartsWith("appsettings", name, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();
}
