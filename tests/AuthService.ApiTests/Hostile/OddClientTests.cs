using System.Net;
using System.Text;
using AuthService.ApiTests.Hostile.Crowds;
using AuthService.ApiTests.Hostile.Fuzzing;
using AuthService.ApiTests.Hostile.OddClients;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>Real clients with unusual settings get the same as all others, or a clear refusal.</summary>
public sealed class OddClientTests(CrowdedService service) : IClassFixture<CrowdedService>
{
    [Theory]
    [InlineData("http", "1.1", "--http1.0")]
    [InlineData("http", "1.1", "--http1.0", "--header", "Connection: keep-alive")]
    [InlineData("http", "1.1", "--http2")] // asks for an upgrade to h2c, and continues without it
    [InlineData("http", "1.1", "--header", "Transfer-Encoding: chunked")]
    [InlineData("http", "1.1", "--header", "Expect: 100-continue")]
    [InlineData("http", "1.1", "--header", "Expect: 100-continue", "--header", "Transfer-Encoding: chunked")]
    [InlineData("http", "1.1", "--header", "Expect: something-else")]
    [InlineData("http", "1.1", "--compressed")]
    [InlineData("http", "1.1", "--header", "Accept-Encoding: gzip;q=1, identity;q=0")]
    [InlineData("http", "1.1", "--tr-encoding")]
    [InlineData("http", "1.1", "--header", "TE: trailers, deflate;q=0.5")]
    [InlineData("http", "1.1", "--header", "Connection: Upgrade", "--header", "Upgrade: websocket")]
    [InlineData("http", "1.1", "--header", "Connection: close")]
    [InlineData("https", "1.1", "--http1.0", "--no-alpn")]
    [InlineData("https", "1.1", "--http1.1")]
    [InlineData("https", "1.1", "--no-alpn")]
    [InlineData("https", "1.1", "--tlsv1.2", "--tls-max", "1.2", "--no-alpn")]
    [InlineData("https", "2", "--http2")]
    [InlineData("https", "2", "--http2", "--header", "Expect: 100-continue")]
    [InlineData("https", "2", "--http2", "--header", "TE: trailers")]
    [InlineData("https", "2", "--http2-prior-knowledge")]
    [InlineData("https", "2", "--tlsv1.3", "--compressed")]
    public async Task Curl_goes_its_usual_way(string scheme, string version, params string[] arguments)
    {
        await UsualWay.GoAsync(async request =>
        {
            var called = await Curl.SendAsync(service.Process.AddressOf(scheme), request, arguments);
            Assert.True(called.ExitCode is 0, called.Body);
            Assert.Equal(version, called.Version);
            return called.Answer;
        });
        service.ExpectNoError();
    }

    /// <summary>A client that takes the service for a proxy writes whole addresses where others write paths (RFC 9112, section 3.2.2).</summary>
    [Fact]
    public async Task Whole_addresses_are_read_as_paths()
    {
        await UsualWay.GoAsync(async request => (await Curl.SendAsync(service.Address, request, "--proxy", $"{service.Address}")).Answer);
        service.ExpectNoError();
    }

    /// <summary>
    /// Tries HTTP/2 without TLS, an old version of TLS, HTTP/1.0 negotiated within TLS, TLS on the plain port, and plain text on the TLS port.
    /// </summary>
    [Theory]
    [InlineData("http", "http", "--http2-prior-knowledge")]
    [InlineData("https", "https", "--tls-max", "1.1")]
    [InlineData("https", "https", "--http1.0")]
    [InlineData("http", "https")]
    [InlineData("https", "http")]
    public async Task What_is_not_offered_is_refused_at_once(string offered, string wanted, params string[] arguments)
    {
        var server = new UriBuilder(service.Process.AddressOf(offered)) { Scheme = wanted }.Uri;

        var called = await Curl.SendAsync(server, new RawRequest("GET", "/login"), arguments);

        Assert.NotEqual(0, called.ExitCode);
        Assert.NotEqual(28, called.ExitCode); // 28 is a time-out
        Assert.Equal(0, called.Status);
        service.ExpectNoError();
    }

    /// <summary>Tries the line of the PROXY protocol, and a request without a host.</summary>
    [Theory]
    [InlineData("--haproxy-protocol")]
    [InlineData("--header", "Host:")] // RFC 9112, section 3.2
    public async Task What_is_no_request_is_400(params string[] arguments)
    {
        var called = await Curl.SendAsync(service.Address, new RawRequest("GET", "/login"), arguments);

        Assert.Equal((0, 400), (called.ExitCode, called.Status));
    }

    [Theory]
    [InlineData("1.0", false)]
    [InlineData("1.1", true)]
    [InlineData("2.0", false)]
    [InlineData("2.0", true)]
    public async Task DotNet_goes_its_usual_way(string version, bool expectsContinue)
    {
        using var http = service.NewClient();
        http.DefaultRequestHeaders.ExpectContinue = expectsContinue;

        await UsualWay.GoAsync(request => SendAsync(http, Version.Parse(version), request));
        service.ExpectNoError();
    }

    [Fact]
    public async Task A_hundred_calls_at_once_on_one_HTTP2_connection_are_all_answered()
    {
        using var http = service.NewClient();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => UsualWay.GoAsync(request => SendAsync(http, HttpVersion.Version20, request))));
        service.ExpectNoError();
    }

    /// <summary>Tries Node.js: HTTP/2, streamed bodies of fetch, and http with unusual headers.</summary>
    [Fact]
    public async Task Node_goes_its_usual_way()
    {
        var ways = await Node.GoAsync(service.Address, service.TlsAddress);

        Assert.Equal(6, ways.Count);
        Assert.All(ways.Where(way => way.Key is not "prior knowledge"), way => Assert.Equal("200 200 204 401", way.Value));
        Assert.Equal("refused", ways["prior knowledge"]);
        service.ExpectNoError();
    }

    private async Task<RawAnswer?> SendAsync(HttpClient http, Version version, RawRequest request)
    {
        var content = new StringContent(request.Body!, Encoding.UTF8, request.ContentType is { Length: > 0 } type ? type : "text/plain");
        using var message = Requests.Create(
            new HttpMethod(request.Method),
            new Uri(service.TlsAddress, request.Target).AbsoluteUri,
            json: content,
            headers: [.. request.Headers.Where(header => header.Name is "Accept" or "Authorization")]);
        (message.Version, message.VersionPolicy) = (version, HttpVersionPolicy.RequestVersionExact);
        using var answer = await http.SendAsync(message);
        Assert.Equal(version.Major, answer.Version.Major);
        return new RawAnswer((int)answer.StatusCode, new Dictionary<string, string>(StringComparer.Ordinal), await answer.Content.ReadAsStringAsync());
    }
}
