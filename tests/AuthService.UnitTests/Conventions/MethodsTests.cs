using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>The size tests are only as good as the code that finds the methods.</summary>
public sealed class MethodsTests
{
    private const string Source = """
        internal sealed class First(
            int a,
            int b) : Second
        {
            private static readonly int[] Numbers = new()
            {
                1,
            };

            public int Block(int x)
            {
                if (x > 0)
                {
                    return 1;
                }

                return 0;
            }

            public int Switch(int x) => x switch
            {
                _ => 0,
            };

            private sealed class Inner
            {
                public Task Lambda() => RunAsync(() =>
                {
                    Done();
                });
            }
        }
        """;

    [Fact]
    public void Members_with_a_body_are_found_and_initializers_are_not() => Assert.Equal(
        [("public int Block(int x)", 6), ("public int Switch(int x) => x switch", 1), ("public Task Lambda() => RunAsync(() =>", 1)],
        Methods.In(Source.Split('\n')).Select(method => (method.Header, method.Length)));
}
