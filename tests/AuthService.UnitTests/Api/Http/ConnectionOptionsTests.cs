using AuthService.Api.Http.Limits;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

public sealed class ConnectionOptionsTests
{
    [Theory]
    [InlineData(1_024, 256)]
    [InlineData(4_096, 3_096)]
    [InlineData(20_000, 19_000)]
    [InlineData(1_048_576, 50_000)]
    [InlineData(int.MaxValue, 50_000)]
    public void Callers_get_what_open_files_leave(int openFiles, int connections) =>
        Assert.Equal(connections, new ConnectionOptions { OpenFiles = openFiles }.Effective);

    [Fact]
    public void What_is_set_wins() => Assert.Equal(7, new ConnectionOptions { OpenFiles = 5, Maximum = 7 }.Effective);

    [Fact]
    public void The_process_knows_its_limit() => Assert.InRange(new ConnectionOptions().Effective, 100, 50_000);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1_000_000, true)]
    [InlineData(1_000_001, false)]
    public void One_to_a_million_can_be_set(int maximum, bool isPossible)
    {
        var result = new ConnectionOptionsValidator().Validate(name: null, new ConnectionOptions { Maximum = maximum });

        Assert.Equal(isPossible, result.Succeeded);
        if (!isPossible)
            Assert.Matches($"^Connections:Maximum .* {maximum}$", Assert.Single(result.Failures!));
    }
}
