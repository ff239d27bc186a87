using AuthService.Api.Http;
using AuthService.Tokens;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

public sealed class PathPrefixValidatorTests
{
    private readonly PathPrefixValidator _validator = new(["/auth", "/api/v1", "/login", ""]);

    [Theory]
    [InlineData("")]
    [InlineData("https://example.com")]
    [InlineData("https://example.com/auth-svc")]
    [InlineData("https://example.com/authentication/auth")]
    public void Another_path_is_possible(string address) => Assert.True(_validator.Validate(null, new() { PublicAddress = address }).Succeeded);

    [Theory]
    [InlineData("https://example.com/auth")]
    [InlineData("https://example.com/AUTH")]
    [InlineData("https://example.com/%61uth")]
    [InlineData("https://example.com/auth/service")]
    [InlineData("https://example.com/api")]
    [InlineData("https://example.com/login")]
    public void One_that_begins_as_an_own_path_is_named(string address) =>
        Assert.StartsWith(
            $"PublicAddress must not have a path that begins as those of this service do, it is \"{address}\"",
            _validator.Validate(null, new() { PublicAddress = address }).FailureMessage,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("https://example.com", "")]
    [InlineData("https://example.com/a%20b/c", "/a b/c")]
    public void The_prefix_is_the_path_of_the_address(string address, string prefix) =>
        Assert.Equal(prefix, new PublicAddressOptions { PublicAddress = address }.PathPrefix);
}
