using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Hostile.Crowds;
using AuthService.ApiTests.Hostile.Fuzzing;
using AuthService.ApiTests.Hostile.OddClients;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>Requests that HTTP allows but no available client sends, written by hand, do no harm.</summary>
public sealed partial class OddRequestTests(CrowdedService service) : IClassFixture<CrowdedService>
{
    private const string Health = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, Func<RawRequest, string>> Ways = new(StringComparer.Ordinal)
    {
        ["chunks of one byte"] = request => request.Write(Chunked, $"{Chunks(request, "")}0\r\n\r\n"),
        ["chunks with extensions"] = request => request.Write(Chunked, $"{Chunks(request, ";name=value;other=\"a b\"")}0;last\r\n\r\n"),
        ["a chunk with leading zeros"] = request => request.Write(Chunked, $"{Whole(request)}0000\r\n\r\n"),
        ["trailers"] = request => request.Write(
            $"{Chunked}Trailer: X, Authorization\r\n", $"{Chunks(request, "")}0\r\nX: y\r\nAuthorization: Bearer other\r\n\r\n"),
        ["an empty line before it"] = request => $"\r\n{request.Write()}",
        ["HTTP/1.0"] = request => Old(request.Write()),
        ["HTTP/1.0 without a host"] = request => Old(request.Without("Host").Write()),
        ["HTTP/1.0 that goes on"] = request => Old(request.Add("Connection", "Keep-Alive").Add("Keep-Alive", "timeout=5, max=1000").Write()),
        ["header names in any case"] = request => request.Write().Replace("Authorization:", "aUTHORIZATION:", StringComparison.Ordinal),
        ["no space after a colon"] = request => request.Write().Replace(": ", ":", StringComparison.Ordinal),
        ["many connection options"] = request => request.Add("Connection", "keep-alive, TE, x-y").Add("TE", "gzip, trailers").Write(),
        ["an upgrade to HTTP/2"] = request =>
            request.Add("Connection", "Upgrade, HTTP2-Settings").Add("Upgrade", "h2c").Add("HTTP2-Settings", "AAMAAABkAAQAAP__").Write(),
        ["an upgrade to TLS"] = request => request.Add("Connection", "Upgrade").Add("Upgrade", "TLS/1.0, HTTP/1.1").Write(),
    };

    public static TheoryData<string> WaysToSend { get; } = [.. Ways.Keys];

    private static string Chunked => "Transfer-Encoding: chunked\r\n";

    [Theory]
    [MemberData(nameof(WaysToSend))]
    public async Task It_is_answered_as_usual(string way)
    {
        await UsualWay.GoAsync(request => RawAnswer.OfAsync(service.Address, request with { Wire = Ways[way](request) }, Patience));
        service.ExpectNoError();
    }

    [Fact]
    public async Task An_HTTP_1_0_connection_goes_on_where_it_asks_to()
    {
        using var connection = await Connection.OpenAsync(service.Address);
        for (var call = 0; call < 3; call++)
        {
            await connection.SendAsync("GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            Assert.Contains("Connection: keep-alive", await connection.ReadAsync(Patience), StringComparison.Ordinal);
        }

        await connection.SendAsync("GET /health/live HTTP/1.0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", await connection.ReadAsync(Patience), StringComparison.Ordinal);
        Assert.Equal("", await connection.ReadAsync(Patience));
    }

    /// <summary>HTTP/1.0 has no chunks. The request may be refused, or read as with HTTP/1.1.</summary>
    [Fact]
    public async Task Chunks_in_HTTP_1_0_do_no_harm()
    {
        var answer = await RawAnswer.EverythingAsync(
            service.Address, $"POST /auth/login HTTP/1.0\r\nContent-Type: application/json\r\n{Chunked}\r\n2\r\n{{}}\r\n0\r\n\r\n", Patience);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Single(AnswerLine().Matches(answer));
    }

    [Fact]
    public async Task Who_waits_for_100_Continue_gets_it_and_then_the_answer()
    {
        using var connection = await Connection.OpenAsync(service.Address);
        await connection.SendAsync(
            "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");

        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await connection.ReadAsync(Patience));
        await connection.SendAsync("{}");

        Assert.StartsWith("HTTP/1.1 400 ", await connection.ReadAsync(Patience), StringComparison.Ordinal);
    }

    /// <summary>The body is too large, of the wrong type, or from a caller that may not call. The client need not send it.</summary>
    [Theory]
    [InlineData(413, "POST /auth/login", "Content-Type: application/json", (64 * 1024) + 1)]
    [InlineData(413, "POST /admin/principals", "Content-Type: application/json", int.MaxValue)]
    [InlineData(415, "POST /auth/login", "Content-Type: application/json\r\nContent-Encoding: gzip", 100)]
    [InlineData(401, "POST /admin/principals", "Content-Type: application/json", 100)]
    [InlineData(404, "POST /nothing/here", "Content-Type: application/json", 100)]
    public async Task Who_would_be_refused_is_refused_before_the_body_is_sent(int status, string call, string headers, int length)
    {
        using var connection = await Connection.OpenAsync(service.Address);
        await connection.SendAsync($"{call} HTTP/1.1\r\nHost: x\r\n{headers}\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", await connection.ReadAsync(Patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_body_is_415_in_each_surfaces_words()
    {
        var token = (await service.Process.Http.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword)).AccessToken;
        var bodies = (await service.Process.Http.ListOperationsAsync()).SelectMany(operation => operation.Bodies).Where(body => body.Status is null);
        foreach (var body in bodies.DistinctBy(body => body.Place, StringComparer.Ordinal).Where(body => !body.Operation.AnswersWithPages))
        {
            var example = body.Examples.Values.FirstOrDefault();
            foreach (var encoding in (string[])["gzip", "deflate", "br", "identity, gzip"])
            {
                using var content = new ByteArrayContent(Compress(example.ValueKind is JsonValueKind.Undefined ? "{}" : example.GetRawText()));
                content.Headers.TryAddWithoutValidation("Content-Type", body.ContentType);
                content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
                using var answer = await service.Process.Http.SendAsync(body.Operation.Method, body.Operation.SomePath, token, content);

                var fault = await body.Operation.FaultOfRefusalAsync(answer, HttpStatusCode.UnsupportedMediaType);
                Assert.True(fault is null, $"{body.Place} {encoding}: {fault}");
            }
        }

        service.ExpectNoError();
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity")]
    public async Task A_body_that_says_it_is_not_compressed_is_read(string encoding) => await UsualWay.GoAsync(request =>
        RawAnswer.OfAsync(service.Address, request.Add("Content-Encoding", encoding), Patience));

    [Fact]
    public async Task Twenty_requests_on_one_connection_are_answered_in_order()
    {
        var session = await service.Process.Http.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        (int Status, string Head)[] kinds =
        [
            (200, $"POST /auth/refresh HTTP/1.1\r\nAuthorization: Bearer {session.RefreshToken}\r\nContent-Length: 0\r\n"),
            (401, "POST /auth/refresh HTTP/1.1\r\nAuthorization: Bearer other\r\nContent-Length: 0\r\n"),
            (404, "GET /nothing/here HTTP/1.1\r\n"),
            (405, "GET /auth/refresh HTTP/1.1\r\n"),
            (415, "POST /auth/login HTTP/1.1\r\nContent-Type: text/csv\r\nContent-Length: 0\r\n"),
        ];
        var order = new Random(Effort.Seed).GetItems(kinds, 20);
        var requests = order.Select(kind => $"{kind.Head}Host: x\r\n\r\n").ToList();

        var all = await RawAnswer.EverythingAsync(service.Address, $"{string.Concat(requests)}{Health}", Patience);
        var spoilt = await RawAnswer.EverythingAsync(
            service.Address, $"{string.Concat(requests.Take(9))}GET / HTTP/1.1\r\nno colon\r\n\r\n{Health}", Patience);

        Assert.Equal([.. order.Select(kind => kind.Status), 200], StatusesOf(all));
        Assert.Equal([.. order.Take(9).Select(kind => kind.Status), 400], StatusesOf(spoilt));
        service.ExpectNoError();
    }

    /// <summary>Tries targets that are not paths: the server as a whole, another server, the address of a tunnel.</summary>
    [Theory]
    [InlineData("OPTIONS * HTTP/1.1")]
    [InlineData("GET * HTTP/1.1")]
    [InlineData("CONNECT example.com:443 HTTP/1.1")]
    [InlineData("GET ftp://example.com/login HTTP/1.1")]
    [InlineData("GET http:///login HTTP/1.1")]
    [InlineData("GET login HTTP/1.1")]
    [InlineData("GET //example.com/login HTTP/1.1")]
    [InlineData("PRI * HTTP/2.0")]
    public async Task A_target_that_is_no_path_is_refused(string line)
    {
        var answer = await RawAnswer.EverythingAsync(service.Address, $"{line}\r\nHost: x\r\nConnection: close\r\n\r\n", Patience);

        Assert.Matches("^(HTTP/1\\.1 (4..|505) |[^H])", answer);
        Assert.DoesNotContain("example.com", answer, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await RawAnswer.EverythingAsync(service.Address, Health, Patience), StringComparison.Ordinal);
        service.ExpectNoError();
    }

    private static string Old(string wire) => wire.Replace(" HTTP/1.1\r\n", " HTTP/1.0\r\n", StringComparison.Ordinal);

    private static string Chunks(RawRequest request, string extension) => string.Concat(request.Body!.Select(character => $"1{extension}\r\n{character}\r\n"));

    private static string Whole(RawRequest request) => request.Body is { Length: > 0 } body ? $"{body.Length:x8}\r\n{body}\r\n" : "";

    private static int[] StatusesOf(string answers) =>
        [.. AnswerLine().Matches(answers).Select(line => int.Parse(line.Groups["status"].Value, System.Globalization.CultureInfo.InvariantCulture))];

    private static byte[] Compress(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return compressed.ToArray();
    }

    [GeneratedRegex(@"HTTP/1\.1 (?<status>[1-5][0-9][0-9]) ", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex AnswerLine();
}
