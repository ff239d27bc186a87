using Xunit;

namespace AuthService.UnitTests.Conventions;

internal static class Breaches
{
    /// <summary>Fails and shows every line in full. Assert.Empty would cut the lines after fifty characters.</summary>
    public static void None(IEnumerable<string> breaches)
    {
        var lines = string.Join('\n', breaches);
        Assert.True(lines.Length is 0, lines);
    }
}
