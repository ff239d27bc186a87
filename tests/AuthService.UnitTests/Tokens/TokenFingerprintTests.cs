using AuthService.Tokens;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>Each token has exactly one fingerprint, with any signing algorithm.</summary>
public sealed class TokenFingerprintTests
{
    public static TheoryData<string> Algorithms { get; } = ["ES256", "ES384", "RS256", "PS256", "HS512"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_token_keeps_it_and_another_token_has_another(string algorithm)
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, algorithm));
        var token = fixture.Writer.Write(fixture.NewToken());
        var other = fixture.Writer.Write(fixture.NewToken() with { Subject = "eve" });

        Assert.Equal(TokenFingerprint.Of(token), TokenFingerprint.Of(token));
        Assert.NotEqual(TokenFingerprint.Of(token), TokenFingerprint.Of(other));
    }

    /// <summary>
    /// The last character of a 64-byte signature has unused bits, and padding may follow it. Another spelling is either refused or has the same fingerprint.
    /// </summary>
    [Theory]
    [InlineData(1, "")]
    [InlineData(3, "")]
    [InlineData(0, "=")]
    [InlineData(0, "==")]
    public async Task No_other_spelling_of_the_signature_makes_another_token(int bits, string padding)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        using var fixture = new TokenFixture(TestKeys.Settings(0, "ES256"));
        var token = fixture.Writer.Write(fixture.NewToken());
        var spelling = token[..^1] + Alphabet[Alphabet.IndexOf(token[^1], StringComparison.Ordinal) ^ bits] + padding;

        if (await fixture.Reader.ReadAsync(spelling) is not null)
            Assert.Equal(TokenFingerprint.Of(token), TokenFingerprint.Of(spelling));
    }

    [Fact]
    public void Two_tokens_that_say_the_same_are_told_apart_by_their_signatures()
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, "ES256"));
        var token = fixture.NewToken();

        Assert.NotEqual(TokenFingerprint.Of(fixture.Writer.Write(token)), TokenFingerprint.Of(fixture.Writer.Write(token)));
    }
}
