using AuthService.Tokens;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>Each token has one fingerprint, whatever its key's algorithm is.</summary>
public sealed class TokenFingerprintTests
{
    public static TheoryData<string> Algorithms { get; } = ["ES256", "ES384", "RS256", "PS256", "HS512"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_token_keeps_it_and_another_token_has_another(string algorithm)
    {
        using var room = new TokenRoom(TestKeys.Settings(0, algorithm));
        var token = room.Writer.Write(room.NewToken());
        var other = room.Writer.Write(room.NewToken() with { Subject = "eve" });

        Assert.Equal(TokenFingerprint.Of(token), TokenFingerprint.Of(token));
        Assert.NotEqual(TokenFingerprint.Of(token), TokenFingerprint.Of(other));
    }

    /// <summary>The last character of 64 bytes in base64url has bits that no byte uses.</summary>
    [Fact]
    public void Another_spelling_of_the_signature_is_the_same_token()
    {
        using var room = new TokenRoom(TestKeys.Settings(0, "ES256"));
        var token = room.Writer.Write(room.NewToken());
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var spelling = token[..^1] + Alphabet[Alphabet.IndexOf(token[^1], StringComparison.Ordinal) ^ 1];

        Assert.Equal(TokenFingerprint.Of(token), TokenFingerprint.Of(spelling));
    }

    [Fact]
    public void Two_tokens_that_say_the_same_are_told_apart_by_their_signatures()
    {
        using var room = new TokenRoom(TestKeys.Settings(0, "ES256"));
        var token = room.NewToken();

        Assert.NotEqual(TokenFingerprint.Of(room.Writer.Write(token)), TokenFingerprint.Of(room.Writer.Write(token)));
    }
}
