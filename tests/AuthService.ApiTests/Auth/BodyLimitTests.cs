using System.Net;
using System.Net.Sockets;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

public abstract class BodyLimitTests(AuthHost host)
{
    private const int Most = 64 * 1024;
    private const int MostInBulk = 2 * 1024 * 1024;

    /// <summary>Kestrel's limit also counts the framing bytes of the chunks.</summary>
    private const int Framing = 4 * 1024;

    [Theory]
    [InlineData("application/json", false)]
    [InlineData("application/json", true)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("application/x-www-form-urlencoded", true)]
    [InlineData("multipart/form-data; boundary=b", false)]
    [InlineData("multipart/form-data; boundary=b", true)]
    public async Task More_than_64_KiB_is_413_whether_announced_or_not(string contentType, bool chunked) =>
        await ExpectTooLargeAsync("POST", "/auth/login", $"Content-Type: {contentType}", SignIn(contentType, Most + 1), chunked);

    [Theory]
    [InlineData("application/json", false)]
    [InlineData("application/json", true)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("application/x-www-form-urlencoded", true)]
    [InlineData("multipart/form-data; boundary=b", true)]
    public async Task Just_64_KiB_are_read(string contentType, bool chunked) =>
        await host.LoginWithAsync(Content(SignIn(contentType, chunked ? Most - Framing : Most), contentType, chunked))
            .RefusedAsync(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task A_session_survives_a_logout_whose_body_is_too_large()
    {
        var session = await host.SignedInPersonAsync();

        await ExpectTooLargeAsync("POST", "/auth/logout", $"Authorization: Bearer {session.RefreshToken}", new byte[Most + 1], chunked: false);

        await host.UseAsync(session);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_bulk_2_MiB_are_read_and_no_more(bool chunked)
    {
        var token = await host.NewServiceTokenAsync();
        var large = Content(Bulk(chunked ? MostInBulk - Framing : MostInBulk), "application/json", chunked);

        await host.PostAsync("/auth/logout/bulk", token, large).ExpectAsync(HttpStatusCode.NoContent);
        await ExpectTooLargeAsync(
            "POST", "/auth/logout/bulk", $"Authorization: Bearer {token}\r\nContent-Type: application/json", Bulk(MostInBulk + 1), chunked);
    }

    private static byte[] Bulk(int length) => Encoding.ASCII.GetBytes("""{"tokens": ["x"]}""".PadRight(length));

    /// <summary>Writes a sign-in body of exactly this length for an unknown name.</summary>
    private static byte[] SignIn(string contentType, int length)
    {
        var name = NewName("nobody");
        var text = contentType switch
        {
            "application/json" => $$"""{"username": "{{name}}", "password": "b", "service": "app"}""".PadRight(length),
            "application/x-www-form-urlencoded" => $"username={name}&password=b&service=app&x=".PadRight(length, 'x'),
            _ => Part("username", name) + Part("password", "b") + Part("service", "app") + Filling(length),
        };
        return Encoding.ASCII.GetBytes(text);

        string Filling(int total)
        {
            var rest = total - (Part("username", name) + Part("password", "b") + Part("service", "app") + Part("x", "") + "--b--\r\n").Length;
            return $"{Part("x", new string('x', rest))}--b--\r\n";
        }
    }

    private static string Part(string name, string value) => $"--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n";

    private static HttpContent Content(byte[] body, string contentType, bool chunked)
    {
        HttpContent content = chunked ? new ChunkedContent(body) : new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    private static void ExpectTooLarge(string answer)
    {
        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json", answer, StringComparison.Ordinal);
        Assert.Contains("{\"why\":", answer, StringComparison.Ordinal);
    }

    private async Task ExpectTooLargeAsync(string method, string path, string headers, byte[] body, bool chunked)
    {
        byte[] framed = chunked ? [.. Encoding.ASCII.GetBytes($"{body.Length:X}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8] : body;
        var length = chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {body.Length}";
        ExpectTooLarge(await AnswerAsync(method, path, $"{headers}\r\n{length}", framed));
    }

    /// <summary>Uses a raw socket, because HttpClient fails when the server responds and closes the connection before the whole body is sent.</summary>
    private async Task<string> AnswerAsync(string method, string path, string headers, byte[] body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {host.Address.Authority}\r\n{headers}\r\n\r\n"));
        var sending = stream.WriteAsync(body).AsTask();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains('}', StringComparison.Ordinal) && await stream.ReadAsync(buffer, timeout.Token) is > 0 and var read)
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        await sending.ContinueWith(static sent => sent.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return answer.ToString();
    }

    /// <summary>A body without a known length, which HttpClient therefore sends in chunks.</summary>
    private sealed class ChunkedContent(byte[] body) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var chunk in body.Chunk(8192))
                await stream.WriteAsync(chunk);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : BodyLimitTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : BodyLimitTests(store.Host);
}
