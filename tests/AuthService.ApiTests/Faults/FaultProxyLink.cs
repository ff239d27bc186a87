using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// One connection through the <see cref="FaultProxy"/>. It understands as much of PostgreSQL's protocol (version 3, without encryption) as it needs
/// to separate calls: everything up to a Query or Sync is one call, and one ReadyForQuery ends its response.
/// </summary>
internal sealed class FaultProxyLink(FaultProxy proxy, TcpClient client) : IDisposable
{
    private const byte Query = (byte)'Q';
    private const byte Sync = (byte)'S';
    private const byte ReadyForQuery = (byte)'Z';

    private readonly TcpClient _server = new();
    private long _calls;
    private long _answers;
    private volatile ConnectionFault? _fault;

    /// <summary>Whether the connection is lost: nothing passes any more, and neither end is told.</summary>
    public bool IsLost { get; set; }

    public async Task RunAsync(int target)
    {
        try
        {
            await _server.ConnectAsync(IPAddress.Loopback, target);
            client.NoDelay = _server.NoDelay = true;
            var answers = RelayAnswersAsync();
            await Task.WhenAny(RelayCallsAsync(), answers);
            if (IsLost)
                await Task.WhenAny(answers); // the server is not told that the client is gone
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The server or the client is gone.
        }

        Dispose();
    }

    public void Dispose()
    {
        // A reset instead of a regular close, as when a machine or a network fails.
        foreach (var end in (TcpClient[])[client, _server])
        {
            if (end.Client is { } socket)
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            end.Dispose();
        }
    }

    private async Task RelayCallsAsync()
    {
        var calls = PipeReader.Create(client.GetStream());
        await foreach (var (messages, type) in ReadAsync(calls, startsBare: true))
        {
            await proxy.Passage;
            if (IsLost || _fault is not null)
                continue; // read and discarded
            if (type is Query or Sync)
            {
                var fault = proxy.NextFault is { } next && next.IsDue() ? next : null;
                if (fault is { Kind: ConnectionFaultKind.Before })
                {
                    fault.Happen();
                    return;
                }

                Interlocked.Increment(ref _calls);
                _fault = fault;
                IsLost = fault is { Kind: ConnectionFaultKind.Hold };
            }

            await _server.GetStream().WriteAsync(messages);
        }
    }

    private async Task RelayAnswersAsync()
    {
        var late = Channel.CreateUnbounded<(byte[] Bytes, long Due)>();
        var writing = WriteLateAsync(late.Reader);
        await foreach (var (message, type) in ReadAsync(PipeReader.Create(_server.GetStream()), startsBare: false))
        {
            await proxy.Passage;
            if (type is ReadyForQuery)
                _answers++;
            if (_fault is not { } fault)
            {
                if (!IsLost)
                    late.Writer.TryWrite((message, Environment.TickCount64 + (long)proxy.Delay.TotalMilliseconds));
            }
            else if (_answers > Interlocked.Read(ref _calls)) // the first ReadyForQuery belongs to the start of the connection
            {
                fault.Happen();
                if (fault.Kind is ConnectionFaultKind.After)
                    return;
            }
        }

        late.Writer.Complete();
        await writing;
    }

    private async Task WriteLateAsync(ChannelReader<(byte[] Bytes, long Due)> late)
    {
        await foreach (var (bytes, due) in late.ReadAllAsync())
        {
            if (due - Environment.TickCount64 is > 0 and var wait)
                await Task.Delay(TimeSpan.FromMilliseconds(wait));
            await proxy.Passage;
            await client.GetStream().WriteAsync(bytes);
        }
    }

    /// <summary>Reads message by message. The first message of a client has no type.</summary>
    private static async IAsyncEnumerable<(byte[] Message, byte Type)> ReadAsync(PipeReader reader, bool startsBare)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            var rest = read.Buffer;
            while (TryTake(ref rest, startsBare, out var message))
            {
                yield return (message, startsBare ? (byte)0 : message[0]);
                startsBare = false;
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
                yield break;
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> from, bool isBare, out byte[] message)
    {
        var before = isBare ? 0 : 1;
        message = [];
        if (from.Length < before + sizeof(int))
            return false;
        Span<byte> length = stackalloc byte[sizeof(int)];
        from.Slice(before, sizeof(int)).CopyTo(length);
        var whole = before + BinaryPrimitives.ReadInt32BigEndian(length);
        if (from.Length < whole)
            return false;
        message = from.Slice(0, whole).ToArray();
        from = from.Slice(whole);
        return true;
    }
}
