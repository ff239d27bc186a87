using System.Security.Cryptography.X509Certificates;
using AuthService.ApiTests.CommandLine;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Mail.MailDrafts;

namespace AuthService.ApiTests.Mail;

/// <summary>
/// The service sends mails only over a trusted TLS connection. It runs as a process, because certificates are trusted by an environment
/// variable.
/// </summary>
public sealed class MailTlsTests : IAsyncLifetime
{
    private readonly ServiceFolder _folder = new();
    private readonly X509Certificate2 _certificate = SelfSignedCertificate.New();
    private readonly Settings _settings = ServiceFolder.ForProduction();
    private TestDatabase _database = null!;

    private Settings Trusting => new() { ["SSL_CERT_FILE"] = Path.Combine(_folder.Path, "authorities.pem") };

    private static Settings SignedIn => new() { ["Mail:Smtp:User"] = MailServer.User, ["Mail:Smtp:Password"] = MailServer.Password };

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Store.Sqlite);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "authorities.pem"), _certificate.ExportCertificatePem());
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _certificate.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("StartTls")]
    [InlineData("Tls")]
    public async Task A_mail_goes_over_TLS_to_a_server_that_is_trusted(string security)
    {
        await using var server = MailServer.StartWith(_certificate, isTlsFromTheStart: security is "Tls");
        await EnqueueAsync("canary-ada@example.com");

        await using var service = _folder.Start(For(server, security).With(SignedIn).With(Trusting));
        await server.WaitForMailToAsync("canary-ada@example.com");

        Assert.DoesNotContain(service.Output.Concat(service.Errors), line => line.Contains("canary-ada", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("StartTls")]
    [InlineData("Tls")]
    public async Task Nothing_is_sent_to_a_server_whose_certificate_nobody_vouches_for(string security)
    {
        await using var server = MailServer.StartWith(_certificate, isTlsFromTheStart: security is "Tls");

        await ExpectUnreachableAsync(server, For(server, security).With(SignedIn), "certificate is not trusted");
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_server_that_offers_no_STARTTLS()
    {
        await using var server = MailServer.Start();

        await ExpectUnreachableAsync(server, For(server, "StartTls"), "offers no STARTTLS");
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_not_shown()
    {
        await using var server = MailServer.StartWith(_certificate);
        var wrong = new Settings { ["Mail:Smtp:User"] = MailServer.User, ["Mail:Smtp:Password"] = "Canary-Wrong-1193" };

        var said = await ExpectUnreachableAsync(server, For(server, "StartTls").With(wrong).With(Trusting), "does not take Mail:Smtp:User");

        Assert.DoesNotContain("Canary-Wrong-1193", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_signs_in_and_sends_nothing()
    {
        await using var server = MailServer.StartWith(_certificate);

        var found = await _folder.RunProcessAsync(For(server, "StartTls").With(SignedIn).With(Trusting), ["doctor"]);

        Assert.Contains($"ok    mail: 127.0.0.1:{server.Port}, StartTls, signed in", found.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(MailServer.Password, found.Output + found.Errors, StringComparison.Ordinal);
        Assert.Empty(server.Received);
    }

    /// <returns>All output of the service and of the doctor command.</returns>
    private async Task<string> ExpectUnreachableAsync(MailServer server, Settings settings, string words)
    {
        var found = (await _folder.RunProcessAsync(settings, ["doctor"])).Expect(1);
        var finding = Assert.Single(found.Output.Split('\n'), line => line.StartsWith("WRONG mail: ", StringComparison.Ordinal));
        Assert.Contains(words, finding, StringComparison.Ordinal);
        await EnqueueAsync("ada@example.com");
        await using var service = _folder.Start(settings);
        await service.WaitUntilReadyAsync();
        await Eventually.TrueAsync(() => service.Output.Any(line =>
            line.Contains("No mail can be sent", StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal)));
        Assert.Empty(server.Received);
        Assert.Equal(1, await _database.CountAsync("outbox_mails"));
        return $"{found.Output}{found.Errors}{string.Join('\n', service.Output.Concat(service.Errors))}";
    }

    private Settings For(MailServer server, string security) =>
        _settings.With(_database.Settings).With(server.Settings).With(new() { ["Mail:Smtp:Security"] = security });

    private async Task EnqueueAsync(string address)
    {
        await using var host = await AuthHost.StartOnAsync(_database, _settings.With(Unreachable));
        Assert.True(await host.TryEnqueueAsync(Reset(address)));
        await host.DisposeAsync();
        await _database.ExecuteAsync("UPDATE outbox_mails SET next_attempt_at = 1");
    }
}
