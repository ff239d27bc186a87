using AuthService.Sessions;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AuthService.UnitTests.Sessions;

/// <summary>The lifetime of a session follows the settings, its login service, and whether the computer is public.</summary>
public sealed class SessionOptionsTests
{
    private static readonly SessionOptions Usual = new();

    [Fact]
    public void The_usual_limits_are_those_of_the_contract()
    {
        Assert.Equal(new SessionLimits(TimeSpan.FromDays(14), TimeSpan.FromDays(30)), SessionLimits.From(Usual, publicComputer: false));
        Assert.Equal(new SessionLimits(TimeSpan.FromMinutes(30), TimeSpan.FromHours(8)), SessionLimits.From(Usual, publicComputer: true));
    }

    [Fact]
    public void A_login_service_may_have_limits_of_its_own_one_or_both()
    {
        Assert.Equal(
            new SessionLimits(TimeSpan.FromDays(60), TimeSpan.FromDays(90)),
            SessionLimits.From(Usual, publicComputer: false, TimeSpan.FromDays(60), TimeSpan.FromDays(90)));
        Assert.Equal(
            new SessionLimits(TimeSpan.FromHours(1), TimeSpan.FromDays(30)),
            SessionLimits.From(Usual, publicComputer: false, ownIdleTimeout: TimeSpan.FromHours(1)));
        Assert.Equal(
            new SessionLimits(TimeSpan.FromDays(14), TimeSpan.FromHours(2)),
            SessionLimits.From(Usual, publicComputer: false, ownLifetime: TimeSpan.FromHours(2)));
    }

    [Fact]
    public void A_public_computer_only_ever_shortens()
    {
        Assert.Equal(
            new SessionLimits(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)),
            SessionLimits.From(Usual, publicComputer: true, TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)));
        Assert.Equal(
            new SessionLimits(TimeSpan.FromMinutes(30), TimeSpan.FromHours(8)),
            SessionLimits.From(Usual, publicComputer: true, TimeSpan.FromDays(60), TimeSpan.FromDays(90)));
    }

    [Fact]
    public void Every_fault_is_named_at_once_with_key_and_value()
    {
        var options = new SessionOptions
        {
            IdleTimeout = TimeSpan.Zero,
            Lifetime = TimeSpan.FromSeconds(-1),
            PublicComputerIdleTimeout = TimeSpan.FromMinutes(-2),
            PublicComputerLifetime = TimeSpan.FromHours(-3),
        };

        var faults = new SessionOptionsValidator().Validate(name: null, options).Failures!.ToArray();

        Assert.Collection(
            faults,
            fault => Assert.Matches(@"^Sessions:IdleTimeout .*00:00:00$", fault),
            fault => Assert.Matches(@"^Sessions:Lifetime .*-00:00:01$", fault),
            fault => Assert.Matches(@"^Sessions:PublicComputerIdleTimeout .*-00:02:00$", fault),
            fault => Assert.Matches(@"^Sessions:PublicComputerLifetime .*-03:00:00$", fault));
    }

    [Fact]
    public void A_reader_of_stored_tokens_is_found_by_its_id_in_any_letter_case()
    {
        var options = new SessionOptions();
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Sessions:TokenReaders:_Files", "true")]).Build();

        settings.GetSection(SessionOptions.Section).Bind(options);

        Assert.True(options.TokenReaders.GetValueOrDefault("_files"));
        Assert.False(options.TokenReaders.GetValueOrDefault("_other"));
    }

    [Fact]
    public void The_usual_settings_and_the_shortest_ones_have_no_fault()
    {
        var shortest = new SessionOptions
        {
            IdleTimeout = TimeSpan.FromTicks(1),
            Lifetime = TimeSpan.FromTicks(1),
            PublicComputerIdleTimeout = TimeSpan.FromTicks(1),
            PublicComputerLifetime = TimeSpan.FromTicks(1),
        };

        Assert.True(new SessionOptionsValidator().Validate(name: null, Usual).Succeeded);
        Assert.True(new SessionOptionsValidator().Validate(name: null, shortest).Succeeded);
    }
}
