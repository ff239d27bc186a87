using AuthService.Client;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>Options that would let no token, or too many tokens, be accepted.</summary>
public sealed class BearerOptionsTests
{
    [Theory]
    [InlineData("Issuer is missing", null)]
    [InlineData("Issuer is missing", "")]
    [InlineData("Issuer", "auth.example.com")]
    [InlineData("KeysAddress", "http://auth.example.com")]
    [InlineData("Algorithms", "https://auth.example.com", "HS512")]
    [InlineData("ClockSkew", "https://auth.example.com", "ES256", 31)]
    [InlineData("KeysLifetime", "https://auth.example.com", "ES256", 30, 0)]
    public void What_is_wrong_with_them_is_named(
        string named, string? issuer, string algorithm = "ES256", int skew = 30, int keysLifetime = 300)
    {
        var services = new ServiceCollection();
        services.AddAuthServiceBearer(options =>
        {
            (options.Issuer, options.Algorithms) = (issuer!, [algorithm]);
            (options.ClockSkew, options.KeysLifetime) = (TimeSpan.FromSeconds(skew), TimeSpan.FromSeconds(keysLifetime));
        });
        using var provider = services.BuildServiceProvider();

        var start = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<AuthServiceBearerOptions>>().Value);

        Assert.Contains(named, start.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Algorithms_of_a_configuration_are_all_that_are_accepted()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Issuer", "https://auth.example.com"), new("Algorithms:0", "ES384")]).Build();
        var services = new ServiceCollection();
        services.AddAuthServiceBearer(options => configuration.Bind(options));
        using var provider = services.AddLogging().AddSingleton<IConfiguration>(configuration).BuildServiceProvider();

        var scheme = provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(AuthServiceBearer.SchemeName);

        Assert.Equal(["ES384"], scheme.TokenValidationParameters.ValidAlgorithms, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("Revocation.Wait", 0)]
    [InlineData("Revocation.Wait", 31)]
    [InlineData("Revocation.Wait", 1.5)]
    [InlineData("Revocation.MaxStaleness", 10, 10)]
    [InlineData("Revocation.WhenStale", 10, 60, 3)]
    [InlineData("Revocation: needs AddAuthServiceClient", 10)]
    public void What_is_wrong_with_those_of_revocation_is_named(string named, double wait, double maxStaleness = 60, int whenStale = 0)
    {
        var services = new ServiceCollection();
        services.AddAuthServiceBearer(options => (options.Issuer, options.Revocation) = ("https://auth.example.com", new()
        {
            Wait = TimeSpan.FromSeconds(wait),
            MaxStaleness = TimeSpan.FromSeconds(maxStaleness),
            WhenStale = (WhenStale)whenStale,
        }));
        using var provider = services.BuildServiceProvider();

        var start = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<AuthServiceBearerOptions>>().Value);

        Assert.Contains(named, start.Message, StringComparison.Ordinal);
    }
}
