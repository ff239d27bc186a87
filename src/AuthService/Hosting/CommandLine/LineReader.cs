using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace AuthService.Hosting.CommandLine;

/// <param name="Number">The number of the line, from 1.</param>
/// <param name="Text">The line as UTF-8, without white space around it.</param>
/// <param name="IsCut">Whether the line was too long and was cut.</param>
internal readonly record struct Line(long Number, ReadOnlyMemory<byte> Text, bool IsCut);

/// <summary>Reads a file line by line as bytes. Broken UTF-8 affects only its own line, and the memory used does not grow with the file.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>The longest line that is read, in bytes. It is far more than all members of a line at their longest.</summary>
    public const int Longest = 128 * 1024;

    /// <summary>The number of bytes that were read, for the progress bar.</summary>
    public long BytesRead { get; private set; }

    public async IAsyncEnumerable<Line> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        var number = 0L;
        var isCut = false;
        ReadResult read;
        do
        {
            read = await pipe.ReadAsync(cancellation);
            var rest = read.Buffer;
            while (TryTakeLine(ref rest, read.IsCompleted, out var line))
            {
                yield return new Line(++number, Trimmed(line, number), isCut || line.Length > Longest);
                isCut = false;
            }

            if (rest.Length > Longest)
            {
                isCut = true;
                rest = rest.Slice(rest.Length - 1); // the last byte stays, so that the end of the line is still recognized
            }

            BytesRead += read.Buffer.Length - rest.Length;
            pipe.AdvanceTo(rest.Start, read.Buffer.End);
        }
        while (!read.IsCompleted);
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }

        line = rest;
        if (!isLast || rest.IsEmpty)
            return false;
        rest = rest.Slice(rest.End);
        return true;
    }

    private static ReadOnlyMemory<byte> Trimmed(ReadOnlySequence<byte> line, long number)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        var bytes = line.ToArray();
        var start = number == 1 && bytes.AsSpan().StartsWith(byteOrderMark) ? byteOrderMark.Length : 0;
        return bytes.AsMemory(start).Trim(" \t\r"u8);
    }
}
