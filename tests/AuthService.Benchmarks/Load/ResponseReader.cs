using System.Buffers.Text;
using System.Text;

namespace AuthService.Benchmarks.Load;

/// <summary>Reads only the status and the end of an HTTP/1.1 response: by Content-Length, by chunks, or at the end of the head.</summary>
internal static class ResponseReader
{
    private const int StatusOffset = 9; // after "HTTP/1.1 "

    /// <summary>Returns the status when the response is complete, else 0.</summary>
    public static int StatusWhenComplete(ReadOnlySpan<byte> received)
    {
        var head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return 0;

        var headers = received[..(head + 2)];
        return IsWhole(headers, received[(head + 4)..]) ? Status(headers) : 0;
    }

    /// <summary>Returns the body of a complete response, joined from its chunks.</summary>
    public static byte[] Body(ReadOnlySpan<byte> response)
    {
        var head = response.IndexOf("\r\n\r\n"u8);
        var body = response[(head + 4)..];
        if (!IsChunked(response[..(head + 2)]))
            return body.ToArray();

        var whole = new List<byte>();
        while (ChunkSize(body, out var start) is > 0 and var size)
        {
            whole.AddRange(body.Slice(start, size));
            body = body[(start + size + 2)..];
        }

        return [.. whole];
    }

    private static int Status(ReadOnlySpan<byte> headers) =>
        Utf8Parser.TryParse(headers[StatusOffset..], out int status, out _) ? status : throw NotHttp(headers);

    private static bool IsWhole(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> body)
    {
        var length = headers.IndexOf("\r\nContent-Length: "u8);
        if (length >= 0)
        {
            return Utf8Parser.TryParse(headers[(length + 18)..], out int bytes, out _) ? body.Length >= bytes : throw NotHttp(headers);
        }

        return !IsChunked(headers) || IsLastChunkThere(body);
    }

    private static bool IsChunked(ReadOnlySpan<byte> headers) => headers.IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0;

    private static bool IsLastChunkThere(ReadOnlySpan<byte> body)
    {
        while (true)
        {
            var size = ChunkSize(body, out var start);
            if (size < 0 || body.Length < start + size + 2)
                return false;
            if (size == 0)
                return true;
            body = body[(start + size + 2)..];
        }
    }

    /// <summary>Returns the size of the chunk that begins here, and the offset of its bytes; negative while its size line is incomplete.</summary>
    private static int ChunkSize(ReadOnlySpan<byte> body, out int start)
    {
        start = body.IndexOf("\r\n"u8) + 2;
        if (start < 2)
            return -1;
        return Utf8Parser.TryParse(body, out int size, out _, 'X') ? size : throw NotHttp(body);
    }

    private static InvalidDataException NotHttp(ReadOnlySpan<byte> text) =>
        new($"not an HTTP/1.1 response: {Encoding.ASCII.GetString(text[..Math.Min(text.Length, 80)])}");
}
