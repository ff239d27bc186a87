using AuthService.Mail;
using Xunit;

namespace AuthService.UnitTests.Mail;

public sealed class MailOptionsTests
{
    [Fact]
    public void Without_any_setting_nothing_is_wrong_and_no_mail_is_sent()
    {
        var options = new MailOptions();

        Assert.Empty(FaultsOf(options));
        Assert.Equal(["Mail:Smtp:Host is empty: no mail is sent, and what needs one is answered with 503"], options.FindWeaknesses(), StringComparer.Ordinal);
    }

    [Fact]
    public void Every_fault_is_named_at_once_and_no_password()
    {
        var options = new MailOptions { From = "no address", Smtp = { Host = "smtp://mail.example.com", Port = 0, Password = "Canary" } };
        options.Links.PasswordReset = "/reset";
        options.Links.ConfirmAddress = "https://example.com/#confirm";
        options.Links.NotMe = "javascript:alert(1)";

        Assert.Equal(
            [
                "Mail:From must be an address (no-reply@example.com), perhaps with a name before it, it is \"no address\"",
                "Mail:Smtp:Host must be a host name or an IP address, it is \"smtp://mail.example.com\"",
                "Mail:Smtp:Port must be 1 to 65535, it is 0",
                "Mail:Smtp:User is missing: one needs the other",
                "Mail:Links:PasswordReset must be an http(s) address without a fragment, it is \"/reset\"",
                "Mail:Links:ConfirmAddress must be an http(s) address without a fragment, it is \"https://example.com/#confirm\"",
                "Mail:Links:NotMe must be an http(s) address without a fragment, it is \"javascript:alert(1)\"",
            ],
            FaultsOf(options),
            StringComparer.Ordinal);
    }

    [Fact]
    public void A_server_needs_a_sender() =>
        Assert.Equal("Mail:From is missing: it is the address that mails come from", Assert.Single(FaultsOf(new() { Smtp = { Host = "mail.example.com" } })));

    [Theory]
    [InlineData("no-reply@example.com")]
    [InlineData("Example <no-reply@example.com>")]
    [InlineData("\"Example, the site\" <no-reply@example.com>")]
    public void A_sender_may_have_a_name(string from) => Assert.Empty(FaultsOf(new() { From = from, Smtp = { Host = "mail.example.com" } }));

    [Theory]
    [InlineData(nameof(SmtpSecurity.StartTls), 587)]
    [InlineData(nameof(SmtpSecurity.Tls), 465)]
    [InlineData(nameof(SmtpSecurity.None), 25)]
    public void The_port_follows_the_security(string security, int port) =>
        Assert.Equal(port, new SmtpOptions { Security = Enum.Parse<SmtpSecurity>(security) }.PortInUse);

    [Theory]
    [InlineData("mail.example.com", 1)]
    [InlineData("10.0.0.1", 1)]
    [InlineData("localhost", 0)]
    [InlineData("127.0.0.1", 0)]
    [InlineData("::1", 0)]
    public void Mails_in_the_clear_are_told_of_unless_they_stay_on_the_machine(string host, int weaknesses) => Assert.Equal(
        weaknesses, new MailOptions { From = "no-reply@example.com", Smtp = { Host = host, Security = SmtpSecurity.None } }.FindWeaknesses().Count());

    private static IEnumerable<string> FaultsOf(MailOptions options) => new MailOptionsValidator().Validate(null, options).Failures ?? [];
}
