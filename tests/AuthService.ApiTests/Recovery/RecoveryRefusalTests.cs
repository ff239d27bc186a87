using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Recovery.RecoveryCalls;

namespace AuthService.ApiTests.Recovery;

/// <summary>An invalid address is refused before the store is read, so one store is enough.</summary>
public sealed class RecoveryRefusalTests(Mailing.OnSqlite mailing) : IClassFixture<Mailing.OnSqlite>
{
    private readonly AuthHost _host = mailing.Host;

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"email":""}""")]
    [InlineData("""{"email":"ada"}""")]
    [InlineData("""{"email":"ada@"}""")]
    [InlineData("""{"email":"Ada <ada@example.com>"}""")]
    [InlineData("""{"email":"ada@example.com, eve@example.com"}""")]
    [InlineData("""{"email":"ada@example.com\r\nBcc: eve@example.com"}""")]
    [InlineData("""{"email":["ada@example.com"]}""")]
    public async Task What_is_no_address_is_refused_in_words(string body)
    {
        var refusal = await _host.PostAsync(RequestReset, bearer: null, AuthCalls.Json(body)).ExpectAsync(HttpStatusCode.BadRequest);

        Assert.NotEmpty(refusal.Text("why"));
    }

    /// <summary>The call writes one row and reads nothing. So the time of the response cannot reveal whether the address belongs to an account.</summary>
    [Fact]
    public async Task The_call_does_the_same_whether_or_not_anybody_has_the_address()
    {
        await using var host = await _host.StartAnotherAsync(mailing.Settings.With(new()
        {
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command"] = "Information",
            ["ReverseProxy:KnownProxies:0"] = "127.0.0.1", // a known proxy, so that its traceparent is used
        }));
        var (_, address) = await host.ReachablePersonAsync();

        foreach (var email in new[] { address, Mailbox.NewAddressOf("nobody") })
        {
            var trace = ActivityTraceId.CreateRandom().ToString();
            (string, string)[] headers = [("traceparent", $"00-{trace}-00f067aa0ba902b7-01")];
            await host.SendAsync(HttpMethod.Post, RequestReset, json: new { email }, headers: headers).ExpectAsync(HttpStatusCode.OK);
            var statements = host.Log.Lines.Where(line => line.Contains("Executed DbCommand", StringComparison.Ordinal)
                && line.Contains(trace, StringComparison.Ordinal));
            Assert.Contains("INSERT INTO \"recovery_requests\"", Assert.Single(statements), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_no_mail_is_sent_it_says_so()
    {
        await using var host = await _host.StartAnotherAsync(new() { ["environment"] = "Production" });
        var session = await host.SignedInPersonAsync();

        Assert.Equal("MAIL_NOT_CONFIGURED", await CodeAsync(host.TryRequestResetAsync("ada@example.com"), HttpStatusCode.ServiceUnavailable));
        var change = host.TryChangeEmailAsync(session.AccessToken, "ada@example.com");
        Assert.Equal("MAIL_NOT_CONFIGURED", await CodeAsync(change, HttpStatusCode.ServiceUnavailable, "status"));
    }
}
