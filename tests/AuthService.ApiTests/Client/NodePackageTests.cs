using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>A service in Node.js checks the tokens of running instances with <c>src/authservice-node</c>.</summary>
public abstract class NodePackageTests(AuthHost host)
{
    /// <summary>The feed comes from the database.</summary>
    [Fact]
    public Task It_passes_its_own_tests_of_the_feed() => TestAsync("feed.test.js", 14);

    /// <summary>Each file has a least number of tests, so that none is lost.</summary>
    private async Task TestAsync(string file, int atLeast)
    {
        await using var instance = await host.StartAnotherAtOwnAddressAsync();
        await using var other = await host.StartAnotherAsync();
        var newer = SigningKeys.At(1, "PS256", "newer", activeFrom: TimeProvider.System.GetUtcNow().AddHours(-1));
        await using var ahead = await other.StartTwinAsync(newer, ahead: TimeSpan.FromSeconds(2));

        Assert.InRange(await NodePackage.TestAsync(file, instance, other, ahead), atLeast, int.MaxValue);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : NodePackageTests(store.Host)
    {
        /// <summary>These tests check tokens by their signature alone, so the store is no part of them.</summary>
        [Theory]
        [InlineData("verify.test.js", 9)]
        [InlineData("readme.test.js", 1)]
        public Task It_passes_its_other_tests_against_instances(string file, int atLeast) => TestAsync(file, atLeast);
    }

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : NodePackageTests(store.Host);
}
