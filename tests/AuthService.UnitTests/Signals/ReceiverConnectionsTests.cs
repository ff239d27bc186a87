using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AuthService.Signals;
using AuthService.Webhooks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Xunit;

namespace AuthService.UnitTests.Signals;

/// <summary>SETs go only to addresses that were checked, although a name may resolve to another address each time.</summary>
public sealed class ReceiverConnectionsTests : IDisposable
{
    private readonly TcpListener _receiver = new(IPAddress.Loopback, 0);

    public ReceiverConnectionsTests() => _receiver.Start();

    [Fact]
    public async Task A_name_that_changes_between_two_pushes_is_refused_at_the_second()
    {
        using var connections = new ReceiverConnections(AddressesOf("127.0.0.1", "169.254.169.254"));
        var received = ReceiveAsync();

        using var first = await PushAsync(connections);
        await received;
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => PushAsync(connections));

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.IsType<AddressNotAllowedException>(refused.InnerException);
    }

    [Fact]
    public async Task A_name_that_changes_after_the_check_of_the_stream_is_refused_at_the_push()
    {
        var addresses = AddressesOf("127.0.0.1", "10.0.0.1");
        using var connections = new ReceiverConnections(addresses);

        Assert.True(await addresses.MayLeadToAsync(new Uri("https://receiver.example.com/")));
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => PushAsync(connections));

        Assert.IsType<AddressNotAllowedException>(refused.InnerException);
        Assert.False(_receiver.Pending());
    }

    public void Dispose() => _receiver.Dispose();

    /// <summary>Gets the rules with a resolver that gives these addresses one after the other. Only 127.0.0.1 is allowed.</summary>
    private static WebhookAddresses AddressesOf(params string[] resolved)
    {
        var answers = new Queue<string>(resolved);
        return new WebhookAddresses(
            new FixedOptions<WebhookOptions>(new WebhookOptions { AllowedNetworks = { "127.0.0.1/32" } }),
            new HostingEnvironment { EnvironmentName = Environments.Development },
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(answers.Dequeue())]));
    }

    private async Task<HttpResponseMessage> PushAsync(ReceiverConnections connections)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://receiver.example.com:{((IPEndPoint)_receiver.LocalEndpoint).Port}/events");
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        return await connections.SendAsync(request, CancellationToken.None);
    }

    private async Task ReceiveAsync()
    {
        using var connection = await _receiver.AcceptTcpClientAsync();
        await using var stream = connection.GetStream();
        _ = await stream.ReadAsync(new byte[4_096]);
        await stream.WriteAsync("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
    }
}
