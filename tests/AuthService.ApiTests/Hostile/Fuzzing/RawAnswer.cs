using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>A response as it was received.</summary>
/// <param name="Headers">The headers by name, without letter case. Those of one name are joined by commas.</param>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Sends a request on a new connection.</summary>
    /// <returns>Null when the server closed the connection without a response, or sent nothing for this long.</returns>
    public static async Task<RawAnswer?> OfAsync(Uri server, RawRequest request, TimeSpan patience)
    {
        var everything = await ReadAsync(server, request.ToBytes(), isComplete: text => Parse(text, request.Method) is not null, patience);
        return Parse(everything, request.Method, isClosed: true);
    }

    /// <summary>Returns everything that the server sends until it closes the connection or sends nothing for this long.</summary>
    public static Task<string> EverythingAsync(Uri server, string wire, TimeSpan patience) =>
        ReadAsync(server, Encoding.Latin1.GetBytes(wire), isComplete: _ => false, patience);

    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    public override string ToString() => $"{Status}\n{string.Join('\n', Headers.Select(header => $"{header.Key}: {header.Value}"))}\n\n{Body}";

    private static async Task<string> ReadAsync(Uri server, byte[] request, Func<string, bool> isComplete, TimeSpan patience)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(enable: true, seconds: 0) };
        await socket.ConnectAsync(server.Host, server.Port);
        using var silence = new CancellationTokenSource(patience);
        var received = new StringBuilder();
        var sending = socket.SendAsync(request, silence.Token).AsTask();
        try
        {
            var buffer = new byte[16 * 1024];
            while (!isComplete(received.ToString()) && await socket.ReceiveAsync(buffer, silence.Token) is > 0 and var length)
                received.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // What came before counts: a server may answer and close the connection while the client still sends.
        }

        await sending.ContinueWith(static sent => sent.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return received.ToString();
    }

    /// <returns>Null while the response is incomplete.</returns>
    private static RawAnswer? Parse(string text, string method, bool isClosed = false)
    {
        while (text.StartsWith("HTTP/1.1 1", StringComparison.Ordinal) && text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var interim)
            text = text[(interim + 4)..];
        if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is not (>= 0 and var end))
            return null;
        var lines = text[..end].Split("\r\n");
        var status = int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture);
        var headers = lines.Skip(1).Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .GroupBy(line => line[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => string.Join(", ", group.Select(line => line[1])), StringComparer.OrdinalIgnoreCase);
        var rest = text[(end + 4)..];
        var body = method is "HEAD" || status is 204 or 304 ? ""
            : headers.TryGetValue("Content-Length", out var length) ? Take(rest, int.Parse(length, CultureInfo.InvariantCulture))
            : headers.ContainsKey("Transfer-Encoding") ? Unchunk(rest)
            : isClosed ? rest : null;
        return body is null ? null : new RawAnswer(status, headers, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)));
    }

    private static string? Take(string text, int length) => text.Length >= length ? text[..length] : null;

    private static string? Unchunk(string text)
    {
        var body = new StringBuilder();
        for (var at = 0; text.IndexOf("\r\n", at, StringComparison.Ordinal) is >= 0 and var end;)
        {
            var size = int.Parse(text.AsSpan(at, end - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (end + size + 4 > text.Length)
                return null;
            if (size is 0)
                return body.ToString();
            body.Append(text, end + 2, size);
            at = end + 2 + size + 2;
        }

        return null;
    }
}
