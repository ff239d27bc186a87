using AuthService.ApiTests.CommandLine;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// The commands of the service <c>secrets</c> in docker-compose.yml, and those that src/AuthService/OPERATIONS.md#compose gives for its volumes. They run
/// without a container, in other folders, and without a change of owner.
/// </summary>
public sealed class ComposeSecretsTests : IDisposable
{
    private const string Service = "service";

    private readonly ServiceFolder _program = new();
    private readonly string _volumes = Directory.CreateTempSubdirectory("authservice-volumes-").FullName;

    public ComposeSecretsTests()
    {
        foreach (var volume in (string[])[Service, "owner", "postgres"])
            Directory.CreateDirectory(Path.Combine(_volumes, volume));
    }

    public void Dispose()
    {
        _program.Dispose();
        Directory.Delete(_volumes, recursive: true);
    }

    [Fact]
    public async Task Every_secret_is_made_once()
    {
        await MakeAsync();
        var made = Contents();

        await MakeAsync();

        Assert.Equal(made, Contents());
        Assert.Equal(
            [
                "Bootstrap__Admin__Password", "ConnectionStrings__Postgres", "Encryption__Keys__0__Key", "Encryption__Keys__0__KeyId",
                "Jwt__SigningKeys__0__KeyId", "Jwt__SigningKeys__0__PrivateKeyPem",
            ],
            NamesIn(Service));
        Assert.Equal("first\tES256\tsigns\tfrom the beginning, until further notice", await ListKeysAsync());
    }

    /// <summary>Earlier versions of docker-compose.yml named the keys in the environment of the service.</summary>
    [Fact]
    public async Task Keys_from_before_are_given_the_name_that_they_had()
    {
        await MakeAsync();
        var made = Contents();
        foreach (var name in NamesIn(Service).Where(name => name.EndsWith("__KeyId", StringComparison.Ordinal)))
            File.Delete(Path.Combine(_volumes, Service, name));

        await MakeAsync();

        Assert.Equal(made, Contents());
    }

    [Fact]
    public async Task A_rotated_key_signs_later_and_can_replace_the_first_one()
    {
        await MakeAsync();

        await RunAsync(FromDocument("ActiveFrom"));

        Assert.Matches("^first\tES256\tsigns\tfrom the beginning, until (.+)\nsecond\tES256\tcoming\tfrom \\1, until further notice$", await ListKeysAsync());
        foreach (var name in NamesIn(Service).Where(name => name.StartsWith("Jwt__SigningKeys__0__", StringComparison.Ordinal)))
            File.Delete(Path.Combine(_volumes, Service, name));
        File.Delete(Path.Combine(_volumes, Service, "Jwt__SigningKeys__1__ActiveFrom"));
        await MakeAsync();
        Assert.Equal("second\tES256\tsigns\tfrom the beginning, until further notice", await ListKeysAsync());
    }

    [Fact]
    public async Task A_leaked_key_is_replaced()
    {
        await MakeAsync();
        var leaked = Contents();

        await RunAsync(FromDocument("echo third"));

        Assert.Equal("third\tES256\tsigns\tfrom the beginning, until further notice", await ListKeysAsync());
        Assert.Equal(
            ["Jwt__SigningKeys__0__KeyId", "Jwt__SigningKeys__0__PrivateKeyPem"],
            Contents().Except(leaked).Select(file => Path.GetFileName(file.Name)), StringComparer.Ordinal);
    }

    private Task MakeAsync() => RunAsync(FromCompose());

    private Task RunAsync(string script)
    {
        var moved = script
            .Replace("/secrets", _volumes, StringComparison.Ordinal)
            .Replace("/app/", $"{ServiceFolder.ProgramFolder}/", StringComparison.Ordinal);
        return LocalServer.RunAsync("env", "DATABASE_HOSTS=postgres", "sh", "-euc", $"chown() {{ :; }}\n{moved}");
    }

    private async Task<string> ListKeysAsync()
    {
        var settings = new Settings { ["SETTINGS_FOLDER"] = Path.Combine(_volumes, Service), ["Jwt:Issuer"] = "https://auth.example.com" };
        return (await _program.RunProcessAsync(settings, ["key", "list"])).Expect(0).Output.Trim();
    }

    private List<string> NamesIn(string volume) =>
        [.. Directory.GetFiles(Path.Combine(_volumes, volume)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private List<(string Name, string Content)> Contents() =>
    [
        .. from path in Directory.GetFiles(_volumes, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           select (path, File.ReadAllText(path)),
    ];

    /// <summary>Gets the command of the service <c>secrets</c>. Compose makes one dollar sign of two.</summary>
    private static string FromCompose()
    {
        var lines = File.ReadLines(Path.Combine(TestResults.Root, "docker-compose.yml"));
        var script = lines.SkipWhile(line => line is not "  secrets: &secrets").SkipWhile(line => line is not "      - |").Skip(1)
            .TakeWhile(line => line.StartsWith("        ", StringComparison.Ordinal));
        return string.Join('\n', script).Replace("$$", "$", StringComparison.Ordinal);
    }

    /// <summary>Gets the command in the document that has these words, without <c>docker compose run</c>.</summary>
    private static string FromDocument(string words)
    {
        var document = File.ReadAllText(Path.Combine(TestResults.Root, "src/AuthService/OPERATIONS.md"));
        return Assert.Single(
            document.Split("docker compose run --rm secrets '").Skip(1).Select(command => command[..command.IndexOf('\'', StringComparison.Ordinal)]),
            command => command.Contains(words, StringComparison.Ordinal));
    }
}
