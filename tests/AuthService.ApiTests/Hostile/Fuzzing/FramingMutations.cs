using System.Globalization;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>Describes the end of a request in ways that two servers could understand differently (RFC 9112, section 11).</summary>
internal static class FramingMutations
{
    /// <summary>
    /// The framings. LENGTH stands for the body's length, HEX for the length in base 16, BODY for the body, and CHUNK for the body as a chunk.
    /// </summary>
    private static readonly (string Headers, string Body)[] Framings =
    [
        ("Content-Length: LENGTH\r\nTransfer-Encoding: chunked\r\n", "CHUNK0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\nContent-Length: LENGTH\r\n", "CHUNK0\r\n\r\n"),
        ("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "CHUNK0\r\n\r\n"),
        ("Content-Length: LENGTH\r\nContent-Length: LENGTH\r\n", "BODY"),
        ("Content-Length: LENGTH\r\nContent-Length: 0\r\n", "BODY"),
        ("Content-Length: LENGTH, LENGTH\r\n", "BODY"),
        ("Content-Length: +LENGTH\r\n", "BODY"),
        ("Content-Length: -1\r\n", "BODY"),
        ("Content-Length: 0xHEX\r\n", "BODY"),
        ("Content-Length: LENGTH.0\r\n", "BODY"),
        ("Content-Length:\r\n", "BODY"),
        ("Content-Length: 99999999999999999999\r\n", "BODY"),
        ("Content-Length: 9223372036854775807\r\n", "BODY"),
        ("Content-Length: 100000\r\n", "BODY"),
        ("Content-Length : LENGTH\r\n", "BODY"),
        ("Content-Length\t: LENGTH\r\n", "BODY"),
        (" Content-Length: LENGTH\r\n", "BODY"),
        ("Content-Length:\r\n LENGTH\r\n", "BODY"),
        ("X-Folded: a\r\n b\r\nContent-Length: LENGTH\r\n", "BODY"),
        ("X-Folded: a\r\n\tTransfer-Encoding: chunked\r\nContent-Length: LENGTH\r\n", "BODY"),
        ("Content-Length: LENGTH\nX-Bare: line\n", "BODY"),
        ("Content-Length: LENGTH\rX-Bare: return\r\n", "BODY"),
        ("X-Nul: a\0b\r\nContent-Length: LENGTH\r\n", "BODY"),
        ("no colon\r\nContent-Length: LENGTH\r\n", "BODY"),
        (": no name\r\nContent-Length: LENGTH\r\n", "BODY"),
        ("X Y: z\r\nContent-Length: LENGTH\r\n", "BODY"),
        ("X(Y): z\r\nContent-Length: LENGTH\r\n", "BODY"),
        ("Host: evil.example\r\nContent-Length: LENGTH\r\n", "BODY"),
        ("Transfer-Encoding: chunked\r\n", "CHUNK0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", "CHUNK0\r\nX-Trailer: y\r\nAuthorization: Bearer x\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", "CHUNK0\r\nno colon\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", "HEX;name=\"value\"\r\nBODY\r\n0;x\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", "HEX;\nBODY\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", "HEX\nBODY\n0\n\n"),
        ("Transfer-Encoding: chunked\r\n", "0xHEX\r\nBODY\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", " HEX\r\nBODY\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", "-1\r\nBODY\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFFF\r\nBODY\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", "7FFFFFFF\r\nBODY\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", "HEX\r\nBODYX\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", "HEX\r\nBODY0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", "CHUNK"),
        ("Transfer-Encoding: chunked\r\n", "\r\nCHUNK0\r\n\r\n"),
        ("Transfer-Encoding: chunked, chunked\r\n", "CHUNK0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "CHUNK0\r\n\r\n"),
        ("Transfer-Encoding: gzip, chunked\r\n", "CHUNK0\r\n\r\n"),
        ("Transfer-Encoding: identity\r\n", "BODY"),
        ("Transfer-Encoding: xchunked\r\n", "CHUNK0\r\n\r\n"),
        ("Transfer-Encoding: CHUNKED\r\n", "CHUNK0\r\n\r\n"),
        ("Transfer-Encoding: \u000bchunked\r\n", "CHUNK0\r\n\r\n"),
        ("Transfer-Encoding : chunked\r\n", "CHUNK0\r\n\r\n"),
        ("Transfer-Encoding: \"chunked\"\r\n", "CHUNK0\r\n\r\n"),
        ("Transfer_Encoding: chunked\r\nContent-Length: LENGTH\r\n", "BODY"),
    ];

    private static readonly Func<string, string>[] Lines =
    [
        wire => wire.Replace(" HTTP/1.1\r\n", " HTTP/1.0\r\n", StringComparison.Ordinal),
        wire => wire.Replace(" HTTP/1.1\r\n", " HTTP/0.9\r\n", StringComparison.Ordinal),
        wire => wire.Replace(" HTTP/1.1\r\n", " HTTP/2.0\r\n", StringComparison.Ordinal),
        wire => wire.Replace(" HTTP/1.1\r\n", " HTTP/3.7\r\n", StringComparison.Ordinal),
        wire => wire.Replace(" HTTP/1.1\r\n", " http/1.1\r\n", StringComparison.Ordinal),
        wire => wire.Replace(" HTTP/1.1\r\n", "\r\n", StringComparison.Ordinal),
        wire => wire.Replace(" HTTP/1.1\r\n", "  HTTP/1.1\r\n", StringComparison.Ordinal),
        wire => wire.Replace(" HTTP/1.1\r\n", "\tHTTP/1.1\r\n", StringComparison.Ordinal),
        wire => wire.Replace("\r\n", "\n", StringComparison.Ordinal),
        wire => wire.Replace("\r\n", "\r", StringComparison.Ordinal),
        wire => wire.Replace("Host: ", "Host: evil.example, ", StringComparison.Ordinal),
        wire => wire.Replace("Host: ", "X-Host: ", StringComparison.Ordinal),
        wire => wire.Replace("Host: ", "Host: a b/?#@", StringComparison.Ordinal),
        wire => $"\r\n\r\n{wire}",
        wire => $"\0{wire}",
        wire => $" {wire}",
        wire => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + wire,
        wire => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + wire,
        wire => wire + wire,
    ];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("the framing is ambiguous", Frame) { MayBreakHttp = true, MayBeUnfinished = true },
        new("the framing is ambiguous", Frame) { MayBreakHttp = true, MayBeUnfinished = true },
        new("the lines are odd", (request, random) => request with { Wire = Lines[random.Next(Lines.Length)](request.Write()) })
        {
            MayBreakHttp = true, MayBeUnfinished = true,
        },
    ];

    private static RawRequest Frame(RawRequest request, Random random)
    {
        var (headers, framed) = Framings[random.Next(Framings.Length)];
        var body = request.Body ?? "";
        var (length, hex) = (body.Length.ToString(CultureInfo.InvariantCulture), body.Length.ToString("x", CultureInfo.InvariantCulture));
        framed = framed.Replace("CHUNK", body.Length is 0 ? "" : "HEX\r\nBODY\r\n", StringComparison.Ordinal).Replace("HEX", hex, StringComparison.Ordinal);
        return request with
        {
            Wire = request.Write(
                headers.Replace("LENGTH", length, StringComparison.Ordinal).Replace("HEX", hex, StringComparison.Ordinal),
                framed.Replace("BODY", body, StringComparison.Ordinal)),
        };
    }
}
