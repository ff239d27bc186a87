using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Mail;

internal enum Breakage
{
    /// <summary>Accepts connections and never sends anything.</summary>
    Silent,

    /// <summary>Accepts the message, but closes the connection before it confirms it.</summary>
    DropsAfterData,

    /// <summary>Is an HTTP server.</summary>
    SpeaksHttp,
}

/// <summary>A server that fails in one of these ways, instead of a working mail server.</summary>
internal sealed class BrokenMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _taken = new();
    private readonly Breakage _breakage;
    private readonly Task _running;
    private int _connections;

    public BrokenMailServer(Breakage breakage)
    {
        _breakage = breakage;
        _listener.Start();
        _running = ServeAsync();
    }

    /// <summary>The number of connections so far.</summary>
    public int Connections => _connections;

    /// <summary>The messages that it accepted without a confirmation.</summary>
    public IReadOnlyCollection<string> Taken => _taken;

    public Settings Settings => new()
    {
        ["Mail:From"] = "no-reply@example.com",
        ["Mail:Smtp:Host"] = "127.0.0.1",
        ["Mail:Smtp:Port"] = ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture),
        ["Mail:Smtp:Security"] = "None",
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var calls = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                calls.Add(ServeAsync(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(calls);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                await AnswerAsync(stream);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // The client has disconnected, or the test has ended.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        if (_breakage is Breakage.Silent)
            await Task.Delay(Timeout.Infinite, _stop.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        if (_breakage is Breakage.SpeaksHttp)
        {
            await WriteAsync(stream, "HTTP/1.1 400 Bad Request");
            return;
        }

        await WriteAsync(stream, "220 mail.example.com");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (line is "DATA")
            {
                await WriteAsync(stream, "354 go on");
                _taken.Enqueue(await ReadMessageAsync(reader));
                return;
            }

            await WriteAsync(stream, line.StartsWith("EHLO", StringComparison.Ordinal) ? "250 mail.example.com" : "250 fine");
        }
    }

    private async Task<string> ReadMessageAsync(StreamReader reader)
    {
        var message = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line is not ".")
            message.AppendLine(line);
        return message.ToString();
    }

    private static async Task WriteAsync(NetworkStream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\n"));
}
