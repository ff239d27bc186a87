using AuthService.ApiTests.Hostile;
using AuthService.ApiTests.Hosting;
using SmtpServer.Protocol;
using Xunit;
using static AuthService.ApiTests.Mail.MailDrafts;

namespace AuthService.ApiTests.Mail;

/// <summary>No log, span, metric or plain database column contains the address or the content of a mail, whatever happens to it.</summary>
public abstract class MailSecretsTests(Store store)
{
    [Fact]
    public async Task No_mail_leaves_its_address_or_its_link_anywhere()
    {
        await using var server = MailServer.Start();
        server.OnRecipient = to => to switch
        {
            "canary-refused@example.com" => new SmtpResponse(SmtpReplyCode.MailboxUnavailable, $"5.1.1 <{to}>: no such person"),
            "canary-waiting@example.com" => new SmtpResponse(SmtpReplyCode.RecipientNotResponding, $"4.2.1 <{to}>: try later"),
            _ => null,
        };
        await using var traced = await TracedHost.StartAsync(store, server.Settings);
        var host = traced.Host;

        foreach (var address in new[] { "canary-sent@example.com", "canary-refused@example.com", "canary-waiting@example.com" })
        {
            traced.Secrets.Add(address, address);
            Assert.True(await host.TryEnqueueAsync(Reset(address)));
        }

        traced.Secrets.Add("link", Link).Add("token", Link.Split('=')[1]).Add("name", "Canary Lovelace");
        await server.WaitForMailToAsync("canary-sent@example.com");
        await Eventually.LoggedAsync(host, "will never be taken");
        await Eventually.LoggedAsync(host, "is tried again");
        for (var i = 0; i < 4; i++)
            await host.TryEnqueueAsync(Reset("canary-sent@example.com"));
        await host.TryEnqueueAsync(Reset("canary-nobody"));

        await traced.ExpectNothingLeakedAsync();
    }

    public sealed class OnSqlite() : MailSecretsTests(Store.Sqlite);

    public sealed class OnPostgres() : MailSecretsTests(Store.Postgres);
}
