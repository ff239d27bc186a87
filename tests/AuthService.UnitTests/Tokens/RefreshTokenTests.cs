using System.Security.Cryptography;
using System.Text;
using AuthService.Tokens;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>Refresh tokens are random and never logged, and each has its own CSRF token.</summary>
public sealed class RefreshTokenTests
{
    [Fact]
    public void A_token_is_its_prefix_and_256_bits_as_base64url() => Assert.Matches("^rt_[A-Za-z0-9_-]{43}$", RefreshToken.New().Reveal());

    [Fact]
    public void No_two_tokens_are_the_same()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => RefreshToken.New().Reveal()).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(1000, tokens.Count);
    }

    [Fact]
    public void A_token_never_shows_itself_by_accident()
    {
        var token = RefreshToken.New();

        Assert.Equal("rt_[redacted]", token.ToString());
        Assert.Equal("rt_[redacted]", $"{token}");
    }

    [Fact]
    public void The_store_keeps_the_SHA_256_of_the_whole_text()
    {
        var token = RefreshToken.New();

        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(token.Reveal())), token.Hash());
    }

    [Fact]
    public void A_token_is_read_back()
    {
        var token = RefreshToken.New();

        Assert.Equal(token.Reveal(), RefreshToken.TryParse(token.Reveal())?.Reveal());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("rt_")]
    [InlineData("RT_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("xx_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+A")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/A")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\u0100")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rt_                                           ")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void A_malformed_token_is_refused(string? text) => Assert.Null(RefreshToken.TryParse(text));

    [Fact]
    public void A_CSRF_token_belongs_to_one_refresh_token()
    {
        var (mine, other) = (RefreshToken.New(), RefreshToken.New());

        Assert.True(CsrfToken.Matches(mine, CsrfToken.For(mine)));
        Assert.False(CsrfToken.Matches(mine, CsrfToken.For(other)));
        Assert.Equal(CsrfToken.For(mine), CsrfToken.For(RefreshToken.TryParse(mine.Reveal())!));
    }

    [Fact]
    public void A_CSRF_token_fits_into_a_header_and_tells_nothing_of_its_refresh_token()
    {
        var token = RefreshToken.New();

        Assert.Matches("^[A-Za-z0-9_-]{43}$", CsrfToken.For(token));
        Assert.DoesNotContain(CsrfToken.For(token), token.Reveal(), StringComparison.Ordinal);
        Assert.NotEqual(CsrfToken.For(token), System.Buffers.Text.Base64Url.EncodeToString(token.Hash()), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("\uD83D\uDE00")]
    public void Anything_else_is_no_CSRF_token(string presented) => Assert.False(CsrfToken.Matches(RefreshToken.New(), presented));

    [Fact]
    public void A_CSRF_token_counts_whole()
    {
        var token = RefreshToken.New();
        var csrf = CsrfToken.For(token);

        Assert.False(CsrfToken.Matches(token, csrf[..^1]));
        Assert.False(CsrfToken.Matches(token, csrf + "A"));
        Assert.False(CsrfToken.Matches(token, csrf.ToUpperInvariant()));
    }
}
