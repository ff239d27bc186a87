using AuthService.Api.Http.Limits;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

public sealed class RateLimitOptionsTests
{
    [Fact]
    public void The_usual_limits_are_those_of_the_contract()
    {
        var usual = new RateLimitOptions();

        Assert.True(usual.Enabled);
        Assert.Equal(new CallBudget(30, TimeSpan.FromMinutes(1)), usual.SignInsOfAddress);
        Assert.Equal(new CallBudget(100, TimeSpan.FromSeconds(1)), usual.CallsOfAddress);
        Assert.Equal(new CallBudget(100, TimeSpan.FromSeconds(5)), usual.CallsOfUser);
        Assert.Equal(new CallBudget(5_000, TimeSpan.FromSeconds(5)), usual.CallsOfService);
        Assert.Equal(new CallBudget(100, TimeSpan.FromSeconds(1)), usual.CallsOfCaller);
    }

    [Fact]
    public void Every_fault_is_named_at_once_with_key_and_value()
    {
        var options = new RateLimitOptions
        {
            LoginPerIpPerMinute = 0,
            PerIpPerSecond = -1,
            PerUserBurst = 0,
            PerServicePerSecond = -2,
            ApiPerCallerPerSecond = 1_000_001,
        };

        var faults = new RateLimitOptionsValidator().Validate(name: null, options).Failures!.ToArray();

        Assert.Collection(
            faults,
            fault => Assert.Matches("^RateLimits:LoginPerIpPerMinute .* 0$", fault),
            fault => Assert.Matches("^RateLimits:PerIpPerSecond .* -1$", fault),
            fault => Assert.Matches("^RateLimits:PerUserBurst .* 0$", fault),
            fault => Assert.Matches("^RateLimits:PerServicePerSecond .* -2$", fault),
            fault => Assert.Matches("^RateLimits:ApiPerCallerPerSecond .* 1000001$", fault));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(RateLimitOptions.Most)]
    public void The_smallest_and_the_largest_have_no_fault(int limit) => Assert.True(new RateLimitOptionsValidator()
        .Validate(name: null, new RateLimitOptions { LoginPerIpPerMinute = limit, PerIpPerSecond = limit, ApiPerCallerPerSecond = limit }).Succeeded);
}
