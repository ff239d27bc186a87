using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>On a developer's machine, with nothing set and nothing there.</summary>
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
    public async Task The_password_of_the_administrator_is_printed_once_and_signs_in()
    {
        await using var service = _folder.Start(InDevelopment);
        await service.WaitUntilReadyAsync();

        var password = PasswordsIn(service).Single();

        await service.TryLoginAsync("admin", password).ExpectAsync(HttpStatusCode.OK);
        Assert.Single(service.Output.Concat(service.Errors), line => line.Contains(password, StringComparison.Ordinal));
        Assert.DoesNotContain(LogOf(service), line => line.Contains(password, StringComparison.Ordinal));
        Assert.NotEmpty(LogOf(service));
    }

    [Fact]
    public async Task The_second_start_prints_nothing_and_the_password_still_signs_in()
    {
        string password;
        await using (var first = _folder.Start(InDevelopment))
        {
            await first.WaitUntilReadyAsync();
            password = PasswordsIn(first).Single();
            await first.AskToStopAsync();
            Assert.Equal(0, await first.WaitForExitAsync(TimeSpan.FromSeconds(30)));
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
    public async Task A_given_password_is_not_printed()
    {
        await using var service = _folder.Start(InDevelopment.With(new() { ["Bootstrap:Admin:Password"] = AuthHost.AdminPassword }));
        await service.WaitUntilReadyAsync();

        await service.TryLoginAsync("admin", AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
        Assert.DoesNotContain(service.Output.Concat(service.Errors), line => line.Contains(AuthHost.AdminPassword, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> PasswordsIn(ServiceProcess service) =>
        service.Output.Select(line => PasswordLine().Match(line)).Where(match => match.Success).Select(match => match.Groups["password"].Value);

    private static IEnumerable<string> LogOf(ServiceProcess service) => service.Output.Where(line => line.StartsWith('{'));

    [GeneratedRegex("^[^{].*[Pp]assword.*: (?<password>[^ ]+)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PasswordLine();
}
