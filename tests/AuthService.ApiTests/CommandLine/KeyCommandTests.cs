using System.Globalization;
using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The command that makes keys for the settings works without a store.</summary>
[Collection("sqlite 2")]
public sealed class KeyCommandTests(SqliteStore store) : IDisposable
{
    private static readonly Settings NoStore = new() { ["environment"] = "Production", ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1" };
    private readonly ServiceFolder _folder = new();

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("HS512")]
    public async Task A_service_signs_with_every_key_that_is_made(string algorithm)
    {
        var key = (await _folder.RunAsync(NoStore, ["key", "generate", "--algorithm", algorithm])).Expect(0).Output.Trim();
        await using var own = await store.Host.StartAnotherAsync(new()
        {
            ["Jwt:SigningKeys:0:KeyId"] = "made",
            ["Jwt:SigningKeys:0:Algorithm"] = algorithm,
            ["Jwt:SigningKeys:0:PrivateKeyPem"] = algorithm is "HS512" ? null : key,
            ["Jwt:SigningKeys:0:Secret"] = algorithm is "HS512" ? key : null,
        });

        var header = Requests.HeaderOf(await own.NewAdminTokenAsync());

        Assert.Equal(("made", algorithm), (header.Text("kid"), header.Text("alg")));
    }

    [Fact]
    public async Task ES256_is_made_as_a_rule_and_no_two_keys_are_the_same()
    {
        var (one, other) = (await _folder.RunProcessAsync(NoStore, ["key", "generate"]), await _folder.RunAsync(NoStore, ["key", "generate"]));

        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", one.Expect(0).Output, StringComparison.Ordinal);
        Assert.NotEqual(one.Output, other.Output, StringComparer.Ordinal);
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportFromPem(one.Output);
        Assert.Equal(256, key.KeySize);
    }

    [Fact]
    public async Task A_key_for_stored_tokens_is_taken_by_the_service()
    {
        var key = (await _folder.RunAsync(NoStore, ["key", "generate", "--algorithm", "A256GCM"])).Line;
        await using var own = await store.Host.StartAnotherAsync(new() { ["Encryption:Keys:0:KeyId"] = "made", ["Encryption:Keys:0:Key"] = key });
        var (session, service) = (await own.SignedInPersonAsync(), await own.NewServiceTokenAsync());

        await own.PutAsync($"/sessions/{session.SessionId}/tokens/sso", service, "secret").ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal(32, Convert.FromBase64String(key).Length);
        Assert.Equal("secret", (await own.GetAsync($"/sessions/{session.SessionId}/tokens/sso", service).ExpectAsync(HttpStatusCode.OK)).Text("value"));
    }

    [Fact]
    public async Task A_file_is_its_owners_alone_and_is_never_written_over()
    {
        var path = Path.Combine(_folder.Path, "keys", "signing.pem");

        var made = await _folder.RunProcessAsync(NoStore, ["key", "generate", "--out", path]);

        var pem = await File.ReadAllTextAsync(path);
        Assert.Equal(path, made.Line);
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", pem, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        (await _folder.RunAsync(NoStore, ["key", "generate", "--out", path])).Refused(1, path);
        Assert.Equal(pem, await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task Keys_are_listed_with_what_they_are_good_for_and_without_themselves()
    {
        var now = TimeProvider.System.GetUtcNow();
        var settings = ServiceFolder.ForProduction()
            .With(OAuth.SigningKeys.Dates(0, retireAfter: now.AddHours(1)))
            .With(OAuth.SigningKeys.At(1, "ES384", "coming", activeFrom: now.AddMinutes(30)))
            .With(OAuth.SigningKeys.At(2, "HS512", "gone", retireAfter: now.AddDays(-2)));

        var list = (await _folder.RunProcessAsync(settings, ["key", "list"])).Expect(0);

        var lines = list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var states = lines.Select(line => string.Join(' ', line.Split('\t')[..3]));
        Assert.Equal(["test ES256 signs", "coming ES384 coming", "gone HS512 dead"], states, StringComparer.Ordinal);
        Assert.Contains(now.AddMinutes(30).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture), lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(settings["Jwt:SigningKeys:2:Secret"]!, list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_keys_the_list_says_what_is_missing() => (await _folder.RunAsync(NoStore, ["key", "list"])).Refused(1, "Jwt:SigningKeys:0");

    public void Dispose() => _folder.Dispose();
}
