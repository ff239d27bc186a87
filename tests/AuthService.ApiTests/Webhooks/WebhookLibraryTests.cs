using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Webhooks;

/// <summary>The libraries that receivers use verify the webhooks of the service. The store is no part of what they see.</summary>
[Collection("sqlite")]
public sealed class WebhookLibraryTests(ClassHosts<SqliteStore> hosts) : IClassFixture<ClassHosts<SqliteStore>>
{
    [Theory]
    [InlineData("standardwebhooks")]
    [InlineData("svix-1.99.1")]
    [InlineData("svix-2.5.0")]
    public async Task The_libraries_of_receivers_verify_it(string library)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var own = await hosts.AnotherAsync(WebhookReceiver.Settings);
        var webhook = await own.CreateWebhookAsync(receiver.Url, "session_revoked");
        await own.PingAsync(webhook);
        var ping = await receiver.WaitForAsync("ping");

        var verified = await NodeLibrary.VerifyAsync(library, webhook.Secret, ping);
        Assert.Equal(webhook.Id, verified!.Value.GetProperty("data").Text("webhookId"));
        var forged = ping with { Body = ping.Body.Replace("ping", "pong", StringComparison.Ordinal) };
        Assert.Null(await NodeLibrary.VerifyAsync(library, webhook.Secret, forged));

        var rotated = (await own.PostAsync($"{webhook.Path}/rotate", await own.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.OK)).Text("secret");
        await own.PingAsync(webhook);
        await receiver.UntilAsync(2);
        var second = receiver.Received.Last();
        Assert.NotNull(await NodeLibrary.VerifyAsync(library, webhook.Secret, second));
        Assert.NotNull(await NodeLibrary.VerifyAsync(library, rotated, second));
        Assert.Null(await NodeLibrary.VerifyAsync(library, rotated, ping));
    }
}
