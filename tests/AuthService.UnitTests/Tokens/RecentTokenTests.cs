using System.Security.Cryptography;
using AuthService.Tokens;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>A token that was verified a moment ago is not trusted for longer than any other.</summary>
public sealed class RecentTokenTests
{
    private readonly TokenFixture _fixture = new(TestKeys.Settings(0, "ES256", "first"));

    [Fact]
    public async Task It_says_the_same_again()
    {
        var text = await ShownAsync();

        Assert.Equal("ada", (await _fixture.Reader.ReadAsync(text))?.Subject);
    }

    [Fact]
    public async Task It_ends_when_it_said_it_would()
    {
        var text = await ShownAsync();
        _fixture.Clock.Now += TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1);
        Assert.NotNull(await _fixture.Reader.ReadAsync(text));

        _fixture.Clock.Now += TimeSpan.FromTicks(1);

        Assert.Null(await _fixture.Reader.ReadAsync(text));
    }

    [Fact]
    public async Task It_ends_with_its_key()
    {
        var text = await ShownAsync();

        _fixture.Change([.. TestKeys.Settings(0, "ES384", "second")]);

        Assert.Null(await _fixture.Reader.ReadAsync(text));
    }

    [Fact]
    public async Task It_ends_when_another_key_takes_its_key_s_id()
    {
        var text = await ShownAsync();

        _fixture.Change([.. TestKeys.Settings(0, "RS256", "second")]);
        _fixture.Change([.. TestKeys.Settings(0, "ES384", "first")]);
        Assert.Equal("first", Assert.Single(_fixture.Ring.Current.All).KeyId);

        Assert.Null(await _fixture.Reader.ReadAsync(text));
    }

    [Fact]
    public async Task It_ends_with_a_change_of_the_issuer()
    {
        var text = await ShownAsync();

        _fixture.Change(("Jwt:Issuer", "https://elsewhere.example.com"));

        Assert.Null(await _fixture.Reader.ReadAsync(text));
    }

    [Fact]
    public async Task With_another_signature_it_is_another_token()
    {
        var text = await ShownAsync();
        var forged = text[..^2] + (text[^2] is 'A' ? "BA" : "AA");

        Assert.Null(await _fixture.Reader.ReadAsync(forged));
    }

    [Theory]
    [InlineData(RecentTokens.LongestText, null, 1)]
    [InlineData(RecentTokens.LongestText + 1, null, 0)]
    [InlineData(500, "one-time", 0)]
    public void Long_tokens_and_those_that_are_used_once_are_not_kept(int length, string? jti, int kept)
    {
        var recent = new RecentTokens(_fixture.Clock);

        recent.Keep(NewRecentToken(jti), length);

        Assert.Equal(kept, recent.Count);
    }

    [Fact]
    public void Expired_tokens_are_dropped_while_others_are_kept()
    {
        var recent = new RecentTokens(_fixture.Clock);
        for (var token = 0; token < 3000; token++)
            recent.Keep(NewRecentToken(), length: 500);
        Assert.InRange(recent.Count, 2000, 3000);

        _fixture.Clock.Now += TimeSpan.FromMinutes(10);
        for (var token = 0; token < 1024; token++)
            recent.Keep(NewRecentToken(), length: 500);

        Assert.InRange(recent.Count, 900, 1024);
    }

    private RecentToken NewRecentToken(string? jti = null) =>
        new(RandomNumberGenerator.GetBytes(32), _fixture.NewToken() with { Jti = jti }, _fixture.Ring.Current.FindActive(_fixture.Clock.Now)!);

    private async Task<string> ShownAsync()
    {
        var text = _fixture.Writer.Write(_fixture.NewToken());
        Assert.NotNull(await _fixture.Reader.ReadAsync(text));
        return text;
    }
}
