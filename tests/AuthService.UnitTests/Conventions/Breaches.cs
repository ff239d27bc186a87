using Xunit;

namespace AuthService.UnitTests.Conventions;

internal static class Breaches
{
    /// <summary>Fails with every line in full; Assert.Empty cuts them after fifty characters.</summary>
    public static void None(IEnumerable<string> breaches)
    {
        var lines = string.Join('\n', breaches);
        Assert.True(lines.Length is 0, lines);
    }
}
