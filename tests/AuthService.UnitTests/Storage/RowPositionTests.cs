using AuthService.Storage;
using Xunit;

namespace AuthService.UnitTests.Storage;

public sealed class RowPositionTests
{
    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 11, 22, 5, 42, 43, TimeSpan.Zero).AddMicroseconds(123_456);

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void A_place_is_found_again(long number)
    {
        Assert.True(RowPosition.TryParse(new RowPosition(At, number).ToString(), out var position));
        Assert.Equal((At, number), (position.At, position.Number));
    }

    [Fact]
    public void No_other_text_means_a_place()
    {
        var text = new RowPosition(At, 42).ToString();
        foreach (var i in Enumerable.Range(0, text.Length))
        {
            foreach (var other in "xy`+/= \né".Where(other => other != text[i]))
                Assert.False(RowPosition.TryParse($"{text[..i]}{other}{text[(i + 1)..]}", out _));
            Assert.False(RowPosition.TryParse(text[..i], out _));
            Assert.False(RowPosition.TryParse($"{text[..i]} {text[i..]}", out _));
        }

        Assert.False(RowPosition.TryParse($"{text}=", out _));
        Assert.False(RowPosition.TryParse(new string('A', text.Length), out _));
        Assert.False(RowPosition.TryParse(new string('_', text.Length), out _));
    }
}
