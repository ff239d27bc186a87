using System.Text;
using AuthService.Hosting.CommandLine;
using Xunit;

namespace AuthService.UnitTests.Hosting.CommandLine;

/// <summary>The reader returns lines as bytes with their numbers, whatever they contain and however the file is split into reads.</summary>
public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "1 a" })]
    [InlineData("a\n", new[] { "1 a" })]
    [InlineData("a\nb", new[] { "1 a", "2 b" })]
    [InlineData("a\r\nb\r\n", new[] { "1 a", "2 b" })]
    [InlineData("\n\n a \t\n\nb", new[] { "1 ", "2 ", "3 a", "4 ", "5 b" })]
    [InlineData("\uFEFFa\n\uFEFFb", new[] { "1 a", "2 \uFEFFb" })]
    public async Task Lines_are_numbered_and_trimmed(string file, string[] lines)
    {
        Assert.Equal(lines, (await ReadAsync(Encoding.UTF8.GetBytes(file))).Select(Show), StringComparer.Ordinal);
        Assert.Equal(lines, (await ReadAsync(Encoding.UTF8.GetBytes(file), byteByByte: true)).Select(Show), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(LineReader.Longest, false)]
    [InlineData(LineReader.Longest + 1, true)]
    [InlineData(LineReader.Longest + 40_000, true)]
    [InlineData(5 * LineReader.Longest, true)]
    public async Task A_line_that_is_too_long_is_cut_and_the_next_one_is_not(int length, bool isCut)
    {
        var file = Encoding.UTF8.GetBytes($"before\n{new string('x', length)}\nafter\n{new string('y', length)}");

        var lines = await ReadAsync(file);

        Assert.Equal([1, 2, 3, 4], lines.Select(line => line.Number));
        Assert.Equal([false, isCut, false, isCut], lines.Select(line => line.IsCut));
        Assert.Equal("3 after", Show(lines[2]));
    }

    /// <summary>Otherwise a line of blanks, or one with blanks after its end, would be ignored silently.</summary>
    [Fact]
    public async Task A_long_line_that_ends_in_blanks_is_still_a_cut_one()
    {
        var lines = await ReadAsync(Encoding.UTF8.GetBytes($"{{}}{new string(' ', 2 * LineReader.Longest)}\n{{}}"));

        Assert.Equal([true, false], lines.Select(line => line.IsCut));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_spoil_nothing()
    {
        var lines = await ReadAsync([0xFF, 0xFE, (byte)'\n', 0x00, (byte)'\n', (byte)'a']);

        Assert.Equal(["FFFE", "00", "61"], lines.Select(line => Convert.ToHexString(line.Text.Span)), StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_progress_ends_at_the_length_of_the_file()
    {
        var file = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("0123456789\n", 50_000)));
        var reader = new LineReader(new MemoryStream(file));
        var seen = new List<long>();

        await foreach (var line in reader.ReadAsync(CancellationToken.None))
            seen.Add(reader.BytesRead);

        Assert.Equal(file.Length, reader.BytesRead);
        Assert.Equal(seen.Order(), seen);
        Assert.True(seen.Distinct().Count() > 5);
    }

    private static string Show(Line line) => $"{line.Number} {Encoding.UTF8.GetString(line.Text.Span)}";

    private static async Task<List<Line>> ReadAsync(byte[] file, bool byteByByte = false)
    {
        var lines = new List<Line>();
        await foreach (var line in new LineReader(new MeagreStream(file, byteByByte ? 1 : 4_096)).ReadAsync(CancellationToken.None))
            lines.Add(line);
        return lines;
    }

    /// <summary>Returns at most a given number of bytes for each read.</summary>
    private sealed class MeagreStream(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer.Length > most ? buffer[..most] : buffer, cancellationToken);
    }
}
