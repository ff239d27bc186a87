using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Mail;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>The first start on a developer's machine, with no settings and no files.</summary>
public sealed partial class FirstStartTests : IDisposable
{
    private static readonly Settings InDevelopment = new()
    {
        ["environment"] = "Development",
        ["Logging:Console:FormatterName"] = "json",
        ["Logging:LogLevel:Default"] = "Trace",
        ["Logging:LogLevel:Microsoft"] = "Trace",
    };

    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task The_password_of_the_administrator_is_printed_once_and_good_for_one_sign_in()
    {
        await using var service = _folder.Start(InDevelopment);
        await service.WaitUntilReadyAsync();

        var password = await PasswordInAsync(service);

        await service.TryLoginAsync("admin", await service.Http.ChoosePasswordAsync("admin", password)).ExpectAsync(HttpStatusCode.OK);
        await service.TryLoginAsync("admin", password).ExpectAsync(HttpStatusCode.Unauthorized);
        Assert.Single(service.Output.Concat(service.Errors), line => line.Contains(password, StringComparison.Ordinal));
        Assert.DoesNotContain(LogOf(service), line => line.Contains(password, StringComparison.Ordinal));
        Assert.NotEmpty(LogOf(service));
    }

    [Fact]
    public async Task The_second_start_prints_nothing_and_the_chosen_password_signs_in()
    {
        string password;
        await using (var first = _folder.Start(InDevelopment))
        {
            await first.WaitUntilReadyAsync();
            password = await first.Http.ChoosePasswordAsync("admin", await PasswordInAsync(first));
            await first.RequestStopAsync();
            Assert.Equal(0, await first.WaitForExitAsync(TimeSpan.FromSeconds(60)));
        }

        await using var second = _folder.Start(InDevelopment);
        await second.WaitUntilReadyAsync();

        Assert.Empty(PasswordsIn(second));
        await second.TryLoginAsync("admin", password).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_signing_key_is_a_file_that_only_its_owner_reads_and_stays_the_same()
    {
        var path = Path.Combine(_folder.Path, "data", "signing-key.pem");
        await using (var first = _folder.Start(InDevelopment))
            await first.WaitUntilReadyAsync();
        var key = await File.ReadAllTextAsync(path);

        await using (var second = _folder.Start(InDevelopment))
            await second.WaitUntilReadyAsync();

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(key, await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task The_embedded_store_is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows())
            return; // files have no mode there
        await using var service = _folder.Start(InDevelopment);
        await service.WaitUntilReadyAsync();
        var data = Path.Combine(_folder.Path, "data");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        Assert.Contains(Directory.GetFiles(data), file => file.EndsWith("-wal", StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(data))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_given_password_is_not_printed_and_good_for_one_sign_in()
    {
        await using var service = _folder.Start(InDevelopment.With(new() { ["Bootstrap:Admin:Password"] = AuthHost.AdminPassword }));
        await service.WaitUntilReadyAsync();

        await service.Http.ChoosePasswordAsync("admin", AuthHost.AdminPassword);
        Assert.DoesNotContain(service.Output.Concat(service.Errors), line => line.Contains(AuthHost.AdminPassword, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Outside_Development_a_random_password_is_in_a_file_for_its_owner_alone_and_in_no_output()
    {
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new() { ["Bootstrap:Admin:Password"] = null }));
        await service.WaitUntilReadyAsync();
        var path = Path.Combine(_folder.Path, "data", "admin-password");

        var password = (await File.ReadAllTextAsync(path)).Trim();

        await service.Http.ChoosePasswordAsync("admin", password);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.DoesNotContain(service.Output.Concat(service.Errors), line => line.Contains(password, StringComparison.Ordinal));
        await Eventually.TrueAsync(() => service.Output.Any(line => line.Contains(path, StringComparison.Ordinal)));
        Assert.Single(service.Output, line => line.Contains(path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_that_file_cannot_be_the_start_ends_with_one_line()
    {
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new()
        {
            ["Bootstrap:Admin:Password"] = null,
            ["Bootstrap:Admin:PasswordFile"] = "appsettings.json/password",
        }));

        Assert.Equal(1, await service.WaitForExitAsync(TimeSpan.FromSeconds(60)));

        var fault = Assert.Single(service.Errors, line => line.StartsWith("  - ", StringComparison.Ordinal));
        Assert.Contains("Bootstrap:Admin:PasswordFile", fault, StringComparison.Ordinal);
    }

    /// <summary>Runs the commands as a new user pastes them, with the password that was printed.</summary>
    [Fact]
    public async Task The_walk_in_the_readme_goes_as_it_says()
    {
        if (OperatingSystem.IsWindows())
            return; // it has no bash
        await using var service = _folder.Start(InDevelopment);
        await service.WaitUntilReadyAsync();
        var walk = WalkBlock().Match(await File.ReadAllTextAsync(Path.Combine(TestResults.Root, "README.md"))).Groups["walk"].Value
            .Replace("PRINTED='…'", $"PRINTED='{await PasswordInAsync(service)}'", StringComparison.Ordinal)
            .Replace("URL=http://localhost:8080", $"URL={service.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)}", StringComparison.Ordinal);

        var output = await RunScriptAsync(walk);

        Assert.Matches(
            """(?s)"itemsInTotal":1,.*\nclaimed: 204\nagain:   409\nsigned out: 204\n\{"why":"[^\n]+\n\{"why":"[^\n]+\n$""", output);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> RunScriptAsync(string script)
    {
        var start = new ProcessStartInfo("bash", ["-eu"])
        {
            WorkingDirectory = _folder.Path,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Environment = { ["no_proxy"] = "*" },
        };
        using var bash = Process.Start(start)!;
        var output = bash.StandardOutput.ReadToEndAsync();
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await bash.WaitForExitAsync(timeout.Token);
        return await output;
    }

    /// <summary>Waits for the printed password. The output of a process arrives a little later than its responses.</summary>
    private static async Task<string> PasswordInAsync(ServiceProcess service)
    {
        await Eventually.TrueAsync(() => PasswordsIn(service).Any());
        return PasswordsIn(service).Single();
    }

    private static IEnumerable<string> PasswordsIn(ServiceProcess service) =>
        service.Output.Select(line => PasswordLine().Match(line)).Where(match => match.Success).Select(match => match.Groups["password"].Value);

    private static IEnumerable<string> LogOf(ServiceProcess service) => service.Output.Where(line => line.StartsWith('{'));

    [GeneratedRegex("^[^{].*[Pp]assword.*: (?<password>[^ ]+)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PasswordLine();

    [GeneratedRegex("```sh\n(?<walk>PRINTED=.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WalkBlock();
}
