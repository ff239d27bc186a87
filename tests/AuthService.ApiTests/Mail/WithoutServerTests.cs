using AuthService.ApiTests.CommandLine;
using AuthService.ApiTests.Hosting;
using MimeKit;
using Xunit;
using static AuthService.ApiTests.Mail.MailDrafts;

namespace AuthService.ApiTests.Mail;

/// <summary>The service runs without a mail server, but does not start with templates that it cannot use.</summary>
public sealed class WithoutServerTests : IDisposable
{
    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task In_Development_it_is_a_file_and_a_line_on_the_console_with_the_link()
    {
        await using var database = await TestDatabase.CreateAsync(Store.Sqlite);
        var settings = ServiceFolder.ForProduction().With(new() { ["environment"] = "Development" });
        await using (var writer = await AuthHost.StartOnAsync(database, settings.With(Unreachable)))
            Assert.True(await writer.TryEnqueueAsync(Reset("ada@example.com")));
        await database.ExecuteAsync("UPDATE outbox_mails SET next_attempt_at = 1");

        await using var service = _folder.Start(settings.With(database.Settings));
        await service.WaitUntilReadyAsync();
        await Eventually.TrueAsync(async () => await database.CountAsync("outbox_mails") is 0);

        var file = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "data", "mail"), "*.eml"));
        Assert.Contains(Link, (await MimeMessage.LoadAsync(file)).TextBody, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await Eventually.TrueAsync(() => service.Output.Any(line => line.StartsWith("Mail to ada@example.com: ", StringComparison.Ordinal)));
        Assert.Contains(Link, Assert.Single(service.Output, line => line.Contains("ada@example.com", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_Production_the_doctor_says_that_there_is_no_mail()
    {
        var found = await _folder.RunAsync(ServiceFolder.ForProduction(), ["doctor"]);

        Assert.Contains("note  settings: Mail:Smtp:Host is empty: no mail is sent", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_cannot_be_used_ends_the_start_with_its_file_and_field()
    {
        var templates = Directory.CreateDirectory(Path.Combine(_folder.Path, "templates", "en")).FullName;
        await File.WriteAllTextAsync(Path.Combine(templates, "password-reset.html"), "<p>{{link}} {{surname}}</p>");

        var refused = (await _folder.RefuseAsync(ServiceFolder.ForProduction().With(new() { ["Mail:Templates"] = "templates" }))).Expect(1);

        Assert.Equal(
            "  - Mail:Templates: en/password-reset.html has the unknown field \"surname\"; known are name, site, link, minutes",
            Assert.Single(refused.Errors.Split('\n'), line => line.StartsWith("  - ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_ends_the_start()
    {
        var refused = (await _folder.RefuseAsync(ServiceFolder.ForProduction().With(new() { ["Mail:Templates"] = "nowhere" }))).Expect(1);

        Assert.StartsWith(
            "  - Mail:Templates: the folder cannot be read: ",
            Assert.Single(refused.Errors.Split('\n'), line => line.StartsWith("  - ", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
