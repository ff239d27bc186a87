using AuthService.Sessions;
using AuthService.SignIn;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AuthService.UnitTests.SignIn;

public sealed class LoginServiceOptionsTests
{
    [Fact]
    public void A_service_is_read_from_the_settings()
    {
        var options = Read(new(StringComparer.Ordinal)
        {
            ["LoginServices:portal:Endpoint"] = "https://portal.example.com/signed-in",
            ["LoginServices:portal:Mode"] = "Application",
            ["LoginServices:portal:IdleTimeout"] = "01:00:00",
            ["LoginServices:portal:Lifetime"] = "2.00:00:00",
        });

        var (name, service) = Assert.Single(options);
        Assert.True(new LoginServiceOptionsValidator().Validate(name: null, options).Succeeded);
        Assert.Equal(
            ("portal", "https://portal.example.com/signed-in", SessionMode.Application, TimeSpan.FromHours(1), TimeSpan.FromDays(2)),
            (name, service.Endpoint, service.Mode, service.IdleTimeout, service.Lifetime));
    }

    [Fact]
    public void Every_fault_of_every_service_is_named_at_once_with_key_and_value()
    {
        var options = new LoginServiceOptions
        {
            ["first"] = new() { Endpoint = "/relative", IdleTimeout = TimeSpan.Zero, Lifetime = TimeSpan.FromSeconds(-5) },
            ["second"] = new() { Endpoint = "ftp://example.com/" },
            ["third"] = new() { Endpoint = "https://fine.example.com/" },
            ["fourth"] = new() { Endpoint = "javascript:alert(1)" },
        };

        var faults = new LoginServiceOptionsValidator().Validate(name: null, options).Failures!.ToArray();

        Assert.Collection(
            faults,
            fault => Assert.Matches("^LoginServices:first:Endpoint .*\"/relative\"$", fault),
            fault => Assert.Matches("^LoginServices:first:IdleTimeout .*00:00:00$", fault),
            fault => Assert.Matches("^LoginServices:first:Lifetime .*-00:00:05$", fault),
            fault => Assert.Matches("^LoginServices:second:Endpoint .*\"ftp://example.com/\"$", fault),
            fault => Assert.Matches("^LoginServices:fourth:Endpoint .*\"javascript:alert\\(1\\)\"$", fault));
    }

    [Fact]
    public void To_have_no_service_at_all_is_a_fault()
    {
        var fault = Assert.Single(new LoginServiceOptionsValidator().Validate(name: null, []).Failures!);

        Assert.Contains("LoginServices:NAME:Endpoint", fault, StringComparison.Ordinal);
    }

    private static LoginServiceOptions Read(Dictionary<string, string?> settings)
    {
        var options = new LoginServiceOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection(LoginServiceOptions.Section).Bind(options);
        return options;
    }
}
