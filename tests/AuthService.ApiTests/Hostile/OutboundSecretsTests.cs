using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.IdentityProviders;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Signals;
using AuthService.ApiTests.Webhooks;
using Microsoft.AspNetCore.Http;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Hostile;

/// <summary>No secret is stored or logged when the service calls others: receivers of webhooks and signals, mail servers, identity providers.</summary>
public abstract class OutboundSecretsTests(Store store)
{
    [Fact]
    public async Task No_secret_of_a_webhook_is_left_anywhere()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var traced = await TracedHost.StartAsync(store, WebhookReceiver.Settings);
        var host = traced.Host;

        var webhook = await host.CreateWebhookAsync(receiver.Url);
        AddWebhook(traced, webhook.Secret);
        await host.PingAsync(webhook);
        await receiver.UntilAsync(received: 1);
        receiver.OnRequest = WebhookReceiver.Answer(StatusCodes.Status500InternalServerError);
        AddWebhook(traced, (await host.PostAsync($"{webhook.Path}/rotate", await host.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.OK)).Text("secret"));
        await host.PingAsync(webhook);
        await Eventually.TrueAsync(() => receiver.Received.Any(received => received.Signatures.Length > 1)); // the first may be repeated before this one
        await host.ShowAsync(webhook);

        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_header_for_a_receiver_of_signals_is_left_anywhere()
    {
        const string Authorization = "Bearer Canary+Of/Signals=8935";
        await using var receiver = await Receiver.StartAsync();
        await using var traced = await TracedHost.StartAsync(store, Receiver.Settings);
        var host = traced.Host;
        traced.Secrets.Add("header", Authorization["Bearer ".Length..]);

        var subscriber = await host.SubscribeAsync(receiver, Authorization);
        foreach (var answer in new[] { HttpStatusCode.Accepted, HttpStatusCode.Unauthorized })
        {
            var before = receiver.Received.Count;
            host.Clock.Advance(TimeSpan.FromSeconds(61)); // the service verifies a stream once a minute
            receiver.OnPush = Receiver.Answer(answer);
            await host.PostAsync(SignalCalls.Verify, subscriber.Token, new { stream_id = subscriber.StreamId }).ExpectAsync(HttpStatusCode.NoContent);
            await Eventually.TrueAsync(() => receiver.Received.Count > before);
        }

        await host.GetAsync(SignalCalls.At(SignalCalls.Streams, subscriber.StreamId), subscriber.Token).ExpectAsync(HttpStatusCode.OK);
        await traced.ExpectNothingLeakedAsync();
        Assert.All(receiver.Received, pushed => Assert.Equal(Authorization, pushed.Authorization));
    }

    [Theory]
    [InlineData(MailServer.Password)]
    [InlineData("Canary-Wrong-1193")]
    public async Task No_password_for_a_mail_server_is_left_anywhere(string password)
    {
        await using var server = MailServer.Start();
        await using var traced = await TracedHost.StartAsync(
            store, server.Settings.With(new() { ["Mail:Smtp:User"] = MailServer.User, ["Mail:Smtp:Password"] = password }));
        traced.Secrets.Add("password", password);

        Assert.True(await traced.Host.TryEnqueueAsync(MailDrafts.Reset("somebody@example.com")));
        if (password is MailServer.Password)
            await server.WaitForMailToAsync("somebody@example.com");
        else
            await Eventually.LoggedAsync(traced.Host, "No mail can be sent");

        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_secret_of_a_sign_in_with_a_provider_is_left_anywhere()
    {
        await using var provider = await PlainProvider.StartAsync(TimeProvider.System);
        await using var traced = await TracedHost.StartAsync(store, provider.SettingsFor("Example"));
        var (host, key) = (traced.Host, provider.Key);
        (provider.Clock, provider.Claims) = (host.Clock, new JsonObject { ["sub"] = "subject", ["preferred_username"] = NewName("person"), ["sid"] = "s1" });
        traced.Secrets.Add("client secret", PlainProvider.ClientSecret).Add("access token", PlainProvider.AccessToken);
        provider.Write = payload =>
        {
            var token = PlainProvider.Sign(payload, key);
            traced.Secrets.AddJwt("ID token", token).Add("nonce", (string)payload["nonce"]!);
            return token;
        };

        var browser = new ProviderBrowser(host);
        (await browser.SignInAsync()).Dispose();
        var state = browser.AuthState();
        traced.Secrets.Add("session", new SignedIn(state.Text("accessToken"), state.Text("csrfToken"), browser.Cookies["refreshToken"], "refreshToken"));
        key = PlainProvider.NewKey();
        await (await new ProviderBrowser(host).SignInAsync()).ExpectProblemAsync(HttpStatusCode.BadRequest, "cannot be used");
        foreach (var (signer, status) in new[] { (key, HttpStatusCode.BadRequest), (provider.Key, HttpStatusCode.OK) })
        {
            var token = LogoutTokens.Sign(LogoutTokens.PayloadOf(provider, host.Clock.GetUtcNow(), "subject", "s1"), signer);
            traced.Secrets.AddJwt("logout token", token);
            await host.TrySignOutAsync("Example", token).ExpectAsync(status);
        }

        await traced.ExpectNothingLeakedAsync();
    }

    private static void AddWebhook(TracedHost traced, string secret)
    {
        var text = secret["whsec_".Length..];
        traced.Secrets.Add("webhook", text).Add("webhook", Convert.FromBase64String(text));
    }

    public sealed class OnSqlite() : OutboundSecretsTests(Store.Sqlite);

    public sealed class OnPostgres() : OutboundSecretsTests(Store.Postgres);
}
