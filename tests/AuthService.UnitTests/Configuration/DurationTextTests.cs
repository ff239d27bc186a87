using AuthService.Configuration;
using Xunit;

namespace AuthService.UnitTests.Configuration;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("00:10:00", 600)]
    [InlineData("23:59:59", 86_399)]
    [InlineData("1.00:00:00", 86_400)]
    [InlineData("0.00:00:00.5", 0.5)]
    [InlineData("400.00:00:00", 34_560_000)]
    [InlineData("-00:00:05", -5)]
    public void A_duration_is_taken_for_what_it_says(string text, double seconds)
    {
        Assert.Null(DurationText.FindFault(text));
        Assert.Equal(TimeSpan.FromSeconds(seconds), DurationText.Parse(text));
    }

    [Theory]
    [InlineData("600", "00:10:00")]
    [InlineData("600", "600.00:00:00")]
    [InlineData("24:00:00", "1.00:00:00")]
    [InlineData("36:30:00", "1.12:30:00")]
    [InlineData("99:00:00", "4.03:00:00")]
    [InlineData("10m", "00:10:00")]
    [InlineData("60s", "00:01:00")]
    [InlineData("5 s", "00:00:05")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData("30d", "30.00:00:00")]
    [InlineData("500ms", "00:00:00.5")]
    [InlineData("10:00", "00:10:00")]
    [InlineData("10:00", "10:00:00")]
    [InlineData("ten minutes", "00:10:00")]
    [InlineData("5 parsecs", "00:10:00")]
    [InlineData("00:60:00", "00:10:00")]
    [InlineData("99999999.00:00:00", "00:10:00")]
    [InlineData("999999999h", "00:10:00")]
    [InlineData("1e3", "00:10:00")]
    [InlineData("", "00:10:00")]
    public void Anything_else_is_refused_with_what_to_write(string text, string example) =>
        Assert.Contains(example, DurationText.FindFault(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("00:10:00", "10 minutes")]
    [InlineData("1.12:00:01", "1 day 12 hours 1 second")]
    [InlineData("00:00:00.2", "200 milliseconds")]
    [InlineData("00:00:00", "0 seconds")]
    [InlineData("-00:00:05", "minus 5 seconds")]
    public void It_is_said_in_words(string text, string words) => Assert.Equal(words, DurationText.ToWords(DurationText.Parse(text)));
}
