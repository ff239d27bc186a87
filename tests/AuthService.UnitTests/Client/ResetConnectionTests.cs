extern alias package;

using System.Net.Sockets;
using package::AuthService.Client.Calls;
using Xunit;

namespace AuthService.UnitTests.Client;

/// <summary>A connection that is reset as soon as it is made fails a call as every other failure does.</summary>
public sealed class ResetConnectionTests
{
    [Fact]
    public async Task It_is_reported_as_a_request_that_failed()
    {
        using var http = new HttpClient(new ResettingHandler()) { BaseAddress = new Uri("http://127.0.0.1:9") };

        var failed = await Assert.ThrowsAsync<HttpRequestException>(
            () => new ServiceCalls(http).DoAsync(HttpMethod.Post, "auth/logout", content: null, CancellationToken.None));

        Assert.IsType<SocketException>(failed.InnerException);
    }

    private sealed class ResettingHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new SocketException((int)SocketError.NotConnected);
    }
}
