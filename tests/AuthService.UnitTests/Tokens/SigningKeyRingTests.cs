using System.Globalization;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>
/// Signing keys are rotated by changing the configuration: without a restart, without refusing a valid token, and a wrong setting changes nothing.
/// </summary>
public sealed class SigningKeyRingTests
{
    [Fact]
    public async Task A_changed_configuration_is_taken_over_and_tokens_of_the_old_key_stay_valid()
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, "ES256", "old"));
        var old = fixture.Writer.Write(fixture.NewToken());

        fixture.Change([.. TestKeys.Settings(1, "ES384", "new"), ("Jwt:SigningKeys:1:ActiveFrom", Moment(fixture.Clock.Now + TimeSpan.FromMinutes(5)))]);

        Assert.Equal(["old", "new"], fixture.Ring.Current.Published(fixture.Clock.Now).Select(key => key.KeyId), StringComparer.Ordinal);
        Assert.Equal("old", fixture.Ring.Current.FindActive(fixture.Clock.Now)?.KeyId);
        fixture.Clock.Now += TimeSpan.FromMinutes(5);
        Assert.Equal("new", fixture.Ring.Current.FindActive(fixture.Clock.Now)?.KeyId);
        Assert.NotNull(await fixture.Reader.ReadAsync(old));
        Assert.NotNull(await fixture.Reader.ReadAsync(fixture.Writer.Write(fixture.NewToken())));
    }

    [Theory]
    [InlineData("Jwt:SigningKeys:0:PrivateKeyPem", "no key")]
    [InlineData("Jwt:SigningKeys:0:Algorithm", "XX999")]
    [InlineData("Jwt:Issuer", "")]
    [InlineData("Jwt:AccessTokenLifetime", "-00:01:00")]
    public async Task A_faulty_change_leaves_everything_as_it_was(string key, string value)
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, "ES256"));
        var token = fixture.Writer.Write(fixture.NewToken());

        try
        {
            fixture.Change((key, value));
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            // The caller of the reload may get the error, but the keys must stay.
        }

        Assert.NotNull(await fixture.Reader.ReadAsync(token));
        Assert.NotNull(await fixture.Reader.ReadAsync(fixture.Writer.Write(fixture.NewToken())));
    }

    [Fact]
    public async Task A_key_outlives_its_retirement_by_the_longest_life_of_a_token()
    {
        using var fixture = new TokenFixture(
        [
            .. TestKeys.Settings(0, "ES256", "old"), ("Jwt:SigningKeys:0:RetireAfter", "2030-01-02T04:00:00Z"),
            .. TestKeys.Settings(1, "ES384", "new"), ("Jwt:SigningKeys:1:ActiveFrom", "2030-01-02T03:59:00Z"),
        ]);
        fixture.Clock.Now = new(2030, 1, 2, 3, 58, 59, TimeSpan.Zero);
        var token = fixture.Writer.Write(fixture.NewToken(TimeSpan.FromHours(24)));

        fixture.Clock.Now += TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1);
        Assert.NotNull(await fixture.Reader.ReadAsync(token));
    }

    [Fact]
    public async Task An_access_token_lifetime_above_a_day_keeps_retired_keys_as_long()
    {
        using var fixture = new TokenFixture(
        [
            ("Jwt:AccessTokenLifetime", "3.00:00:00"), .. TestKeys.Settings(0, "ES256", "old"), ("Jwt:SigningKeys:0:RetireAfter", "2030-01-02T04:00:00Z"),
        ]);
        var token = fixture.Writer.Write(fixture.NewToken(TimeSpan.FromDays(3)));

        fixture.Clock.Now += TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1);

        Assert.NotNull(await fixture.Reader.ReadAsync(token));
    }

    [Fact]
    public void Without_an_active_key_nothing_is_written()
    {
        using var fixture = new TokenFixture([.. TestKeys.Settings(0, "ES256"), ("Jwt:SigningKeys:0:ActiveFrom", "2031-01-01T00:00:00Z")]);

        Assert.Throws<InvalidOperationException>(() => fixture.Writer.Write(fixture.NewToken()));
    }

    private static string Moment(DateTimeOffset moment) => moment.ToString("O", CultureInfo.InvariantCulture);
}
