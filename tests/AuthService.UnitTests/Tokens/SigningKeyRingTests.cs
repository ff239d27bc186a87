using System.Globalization;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>Rotation by a changed configuration: no restart, no valid token refused, and a slip of the pen takes nothing down.</summary>
public sealed class SigningKeyRingTests
{
    [Fact]
    public async Task A_changed_configuration_is_taken_over_and_tokens_of_the_old_key_stay_valid()
    {
        using var room = new TokenRoom(TestKeys.Settings(0, "ES256", "old"));
        var old = room.Writer.Write(room.NewToken());

        room.Change([.. TestKeys.Settings(1, "ES384", "new"), ("Jwt:SigningKeys:1:ActiveFrom", Moment(room.Clock.Now + TimeSpan.FromMinutes(5)))]);

        Assert.Equal(["old", "new"], room.Ring.Current.Published(room.Clock.Now).Select(key => key.KeyId), StringComparer.Ordinal);
        Assert.Equal("old", room.Ring.Current.FindActive(room.Clock.Now)?.KeyId);
        room.Clock.Now += TimeSpan.FromMinutes(5);
        Assert.Equal("new", room.Ring.Current.FindActive(room.Clock.Now)?.KeyId);
        Assert.NotNull(await room.Reader.ReadAsync(old));
        Assert.NotNull(await room.Reader.ReadAsync(room.Writer.Write(room.NewToken())));
    }

    [Theory]
    [InlineData("Jwt:SigningKeys:0:PrivateKeyPem", "no key")]
    [InlineData("Jwt:SigningKeys:0:Algorithm", "XX999")]
    [InlineData("Jwt:Issuer", "nowhere")]
    [InlineData("Jwt:AccessTokenLifetime", "-00:01:00")]
    public async Task A_faulty_change_leaves_everything_as_it_was(string key, string value)
    {
        using var room = new TokenRoom(TestKeys.Settings(0, "ES256"));
        var token = room.Writer.Write(room.NewToken());

        try
        {
            room.Change((key, value));
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            // Whoever reloads may hear of the fault; the keys must not.
        }

        Assert.NotNull(await room.Reader.ReadAsync(token));
        Assert.NotNull(await room.Reader.ReadAsync(room.Writer.Write(room.NewToken())));
    }

    [Fact]
    public async Task A_key_outlives_its_retirement_by_the_longest_life_of_a_token()
    {
        using var room = new TokenRoom(
        [
            .. TestKeys.Settings(0, "ES256", "old"), ("Jwt:SigningKeys:0:RetireAfter", "2030-01-02T04:00:00Z"),
            .. TestKeys.Settings(1, "ES384", "new"), ("Jwt:SigningKeys:1:ActiveFrom", "2030-01-02T03:59:00Z"),
        ]);
        room.Clock.Now = new(2030, 1, 2, 3, 58, 59, TimeSpan.Zero);
        var token = room.Writer.Write(room.NewToken(TimeSpan.FromHours(24)));

        room.Clock.Now += TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1);
        Assert.NotNull(await room.Reader.ReadAsync(token));
    }

    [Fact]
    public async Task An_access_token_lifetime_above_a_day_keeps_retired_keys_as_long()
    {
        using var room = new TokenRoom(
        [
            ("Jwt:AccessTokenLifetime", "3.00:00:00"), .. TestKeys.Settings(0, "ES256", "old"), ("Jwt:SigningKeys:0:RetireAfter", "2030-01-02T04:00:00Z"),
        ]);
        var token = room.Writer.Write(room.NewToken(TimeSpan.FromDays(3)));

        room.Clock.Now += TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1);

        Assert.NotNull(await room.Reader.ReadAsync(token));
    }

    [Fact]
    public void Without_an_active_key_nothing_is_written()
    {
        using var room = new TokenRoom([.. TestKeys.Settings(0, "ES256"), ("Jwt:SigningKeys:0:ActiveFrom", "2031-01-01T00:00:00Z")]);

        Assert.Throws<InvalidOperationException>(() => room.Writer.Write(room.NewToken()));
    }

    private static string Moment(DateTimeOffset moment) => moment.ToString("O", CultureInfo.InvariantCulture);
}
