using System.Globalization;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Hostile.Fuzzing;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>
/// Requests with an end that a proxy and this service could see in different places (RFC 9112, section 11.2). A proxy could forward a second request as the
/// body of the first. No hidden request is answered.
/// </summary>
public sealed partial class SmugglingTests(SqliteStore store) : IClassFixture<SqliteStore>
{
    private const string Hidden = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n";

    private static readonly string[] Paths =
        ["/auth/refresh", "/auth/login", "/account/password", "/sessions", "/api/v1/app", "/admin/principals", "/oauth/introspect"];
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    public static TheoryData<string, string> Ambiguities { get; } = new()
    {
        { "Content-Length: LENGTH\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nHIDDEN" },
        { "Transfer-Encoding: chunked\r\nContent-Length: LENGTH\r\n", "0\r\n\r\nHIDDEN" },
        { "Content-Length: LENGTH\r\nTransfer-Encoding: CHUNKED\r\n", "0\r\n\r\nHIDDEN" },
        { "Content-Length: LENGTH\r\nTransfer-Encoding : chunked\r\n", "0\r\n\r\nHIDDEN" },
        { "Content-Length: LENGTH\r\nTransfer-Encoding:\u000bchunked\r\n", "0\r\n\r\nHIDDEN" },
        { "Content-Length: LENGTH\r\nTransfer-Encoding: xchunked\r\n", "0\r\n\r\nHIDDEN" },
        { "Content-Length: LENGTH\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\nHIDDEN" },
        { "Content-Length: LENGTH\r\nTransfer-Encoding: chunked, identity\r\n", "0\r\n\r\nHIDDEN" },
        { "Content-Length: LENGTH\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "0\r\n\r\nHIDDEN" },
        { "Content-Length: LENGTH\r\nX-Folded: x\r\n Transfer-Encoding: chunked\r\n", "0\r\n\r\nHIDDEN" },
        { "Content-Length: 0\r\nContent-Length: LENGTH\r\n", "HIDDEN" },
        { "Content-Length: LENGTH\r\nContent-Length: 0\r\n", "HIDDEN" },
        { "Content-Length: 0, LENGTH\r\n", "HIDDEN" },
        { "Content-Length : LENGTH\r\n", "HIDDEN" },
        { "Content-Length: 0x0\r\n", "HIDDEN" },
        { "Content-Length: 0\nContent-Length: LENGTH\r\n", "HIDDEN" },
        { "Transfer-Encoding: chunked\r\n", "0\nX: y\n\nHIDDEN" },
        { "Transfer-Encoding: chunked\r\n", "0;\nHIDDEN" },
        { "Transfer-Encoding: chunked\r\n", "-0\r\n\r\nHIDDEN" },
        { "Transfer-Encoding: chunked\r\n", "0x0\r\n\r\nHIDDEN" },
        { "Transfer-Encoding: chunked\r\n", "100000000\r\n\r\nHIDDEN" },
        { "Transfer-Encoding: chunked\r\n", "10000000000000000\r\n\r\nHIDDEN" },
    };

    [Theory]
    [MemberData(nameof(Ambiguities))]
    public async Task Nobody_gets_a_second_request_past_a_proxy(string framing, string body)
    {
        body = body.Replace("HIDDEN", Hidden, StringComparison.Ordinal);
        framing = framing.Replace("LENGTH", body.Length.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        foreach (var path in Paths)
        {
            var everything = await RawAnswer.EverythingAsync(
                store.Host.Address, $"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{framing}\r\n{body}", Silence);

            Assert.True(AnswerLine().Count(everything) <= 1 && !everything.Contains("\"keys\"", StringComparison.Ordinal), $"{path}\n{framing}\n{everything}");
        }
    }

    /// <summary>Shows that the requests above are correct: an unambiguous second request is answered.</summary>
    [Fact]
    public async Task A_second_request_in_its_place_is_answered()
    {
        var last = Hidden.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal); // otherwise the server would wait for more requests
        var everything = await RawAnswer.EverythingAsync(
            store.Host.Address, $"POST /auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{last}", TimeSpan.FromSeconds(60));

        Assert.Equal(2, AnswerLine().Count(everything));
        Assert.Contains("\"keys\"", everything, StringComparison.Ordinal);
    }

    [GeneratedRegex("HTTP/1\\.1 [2-5][0-9][0-9]", RegexOptions.NonBacktracking)]
    private static partial Regex AnswerLine();
}
