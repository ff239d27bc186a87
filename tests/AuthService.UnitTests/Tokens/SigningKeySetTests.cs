using AuthService.Tokens;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>
/// A key is first only published, then signs, is then retired and at last removed. At each stage the correct keys sign, verify and are published.
/// </summary>
public sealed class SigningKeySetTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    [Fact]
    public void A_key_comes_is_active_retires_and_dies_each_exactly_at_its_moment()
    {
        var (from, after) = (Start + TimeSpan.FromDays(1), Start + TimeSpan.FromDays(2));
        var key = NewKey("k", from, after);

        Assert.Equal(SigningKeyState.Coming, key.StateAt(Start, Longest));
        Assert.Equal(SigningKeyState.Coming, key.StateAt(from - Microsecond, Longest));
        Assert.Equal(SigningKeyState.Active, key.StateAt(from, Longest));
        Assert.Equal(SigningKeyState.Active, key.StateAt(after - Microsecond, Longest));
        Assert.Equal(SigningKeyState.Retired, key.StateAt(after, Longest));
        Assert.Equal(SigningKeyState.Retired, key.StateAt(after + Longest, Longest));
        Assert.Equal(SigningKeyState.Dead, key.StateAt(after + Longest + Microsecond, Longest));
    }

    [Fact]
    public void A_key_without_dates_is_always_active()
    {
        var key = NewKey("k");

        Assert.Equal(SigningKeyState.Active, key.StateAt(DateTimeOffset.MinValue, Longest));
        Assert.Equal(SigningKeyState.Active, key.StateAt(DateTimeOffset.MaxValue - Longest, Longest));
    }

    [Fact]
    public void Of_the_active_keys_the_one_that_became_active_last_signs()
    {
        var set = new SigningKeySet(
            [NewKey("old"), NewKey("new", Start), NewKey("newest", Start + TimeSpan.FromDays(1)), NewKey("gone", Start, Start + TimeSpan.FromTicks(1))],
            Longest);

        Assert.Equal("old", set.FindActive(Start - Microsecond)?.KeyId);
        Assert.Equal("new", set.FindActive(Start + Microsecond)?.KeyId);
        Assert.Equal("newest", set.FindActive(Start + TimeSpan.FromDays(1))?.KeyId);
    }

    [Fact]
    public void Of_equals_the_one_listed_first_signs()
    {
        Assert.Equal("a", new SigningKeySet([NewKey("a", Start), NewKey("b", Start)], Longest).FindActive(Start)?.KeyId);
        Assert.Equal("b", new SigningKeySet([NewKey("b"), NewKey("a")], Longest).FindActive(Start)?.KeyId);
    }

    [Fact]
    public void Without_an_active_key_none_signs()
    {
        var set = new SigningKeySet([NewKey("coming", Start + Microsecond), NewKey("retired", null, Start)], Longest);

        Assert.Null(set.FindActive(Start));
        Assert.Null(new SigningKeySet([], Longest).FindActive(Start));
    }

    [Fact]
    public void A_key_is_published_and_verifies_before_it_signs_and_until_its_last_token_has_expired()
    {
        var after = Start + TimeSpan.FromDays(2);
        var set = new SigningKeySet([NewKey("k", Start + TimeSpan.FromDays(1), after)], Longest);
        foreach (var moment in new[] { Start, Start + TimeSpan.FromDays(1), after - Microsecond, after, after + Longest })
        {
            Assert.Equal("k", Assert.Single(set.Published(moment)).KeyId);
            Assert.Equal("k", set.FindVerifying("k", moment)?.KeyId);
        }

        Assert.Empty(set.Published(after + Longest + Microsecond));
        Assert.Null(set.FindVerifying("k", after + Longest + Microsecond));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("K")]
    [InlineData("other")]
    public void A_key_is_found_by_its_exact_id(string? keyId) => Assert.Null(new SigningKeySet([NewKey("k")], Longest).FindVerifying(keyId, Start));

    private static SigningKey NewKey(string id, DateTimeOffset? from = null, DateTimeOffset? after = null) => SigningKey.Read(
        new SigningKeyOptions { KeyId = id, PrivateKeyPem = TestKeys.PemFor("ES256"), ActiveFrom = from, RetireAfter = after }, "/");
}
