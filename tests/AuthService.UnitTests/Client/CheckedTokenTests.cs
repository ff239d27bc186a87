extern alias package;

using AuthService.Tokens;
using AuthService.UnitTests.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;
using package::AuthService.Client.Revocations;
using Xunit;

namespace AuthService.UnitTests.Client;

/// <summary>The package reads from a token what the service has written.</summary>
public sealed class CheckedTokenTests
{
    public static TheoryData<string> Algorithms { get; } = ["ES256", "ES384", "RS256", "PS256"];

    [Fact]
    public void Of_a_session_s_token()
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, "ES256"));
        var session = Guid.CreateVersion7(fixture.Clock.Now);
        var text = fixture.Writer.Write(fixture.NewToken() with { SessionId = session });

        Assert.Equal(
            new CheckedToken(text, "ada", fixture.Clock.Now.ToUnixTimeSeconds(), HasSession: true, session), CheckedToken.Of(new JsonWebToken(text)));
    }

    [Fact]
    public void Of_a_token_that_was_narrowed_and_of_one_for_one_use()
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, "ES256"));
        var token = fixture.NewToken() with { SessionId = Guid.CreateVersion7(fixture.Clock.Now) };

        var (plain, narrowed, once) = (Read(token), Read(token with { ExtendedByChain = ["_one", "_two"] }), Read(token with { Jti = "once" }));

        Assert.Equal(["_one", "_two"], narrowed.ExtendedByChain!);
        Assert.Equal((false, true, true), (plain.MayBeRevokedAlone, narrowed.MayBeRevokedAlone, once.MayBeRevokedAlone));
        Assert.True(Read(token with { SessionId = null }).MayBeRevokedAlone);

        CheckedToken Read(AccessToken claims) => CheckedToken.Of(new JsonWebToken(fixture.Writer.Write(claims)));
    }

    [Fact]
    public void Of_a_token_without_a_session()
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, "ES256"));
        var text = fixture.Writer.Write(fixture.NewToken() with { SecurityStamp = 3 });

        Assert.Equal(
            new CheckedToken(text, "ada", fixture.Clock.Now.ToUnixTimeSeconds(), SecurityStamp: 3), CheckedToken.Of(new JsonWebToken(text)));
    }

    [Fact]
    public void Of_an_api_key_s_token_and_of_one_that_says_nothing()
    {
        var key = Guid.Parse("01900000-0000-7000-8000-000000000001");

        Assert.Equal(key, Read($$"""{"sub":"_svc","apiKeyId":"{{key}}"}""").ApiKeyId);
        Assert.True(Read("""{"sub":"_svc"}""") is { IssuedAt: 0, HasSession: false, SecurityStamp: null, ApiKeyId: null });
        Assert.True(Read("""{"sub":"_svc","sid":"x"}""") is { HasSession: true } odd && odd.SessionId == Guid.Empty);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task The_key_of_a_token_is_half_of_the_service_s_fingerprint(string algorithm)
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, algorithm));
        var token = fixture.Writer.Write(fixture.NewToken());

        Assert.Equal(HalfOf(token), TokenKey.Of(token));
        foreach (var spelling in new[] { $"{token}=", $"{token}==", $"{token[..^1]}-", $"{token[..^1]}9" })
        {
            if (await fixture.Reader.ReadAsync(spelling) is not null)
                Assert.Equal(HalfOf(token), TokenKey.Of(spelling));
        }
    }

    private static Guid HalfOf(string token) => new(TokenFingerprint.Of(token).AsSpan(0, 16));

    private static CheckedToken Read(string claims) =>
        CheckedToken.Of(new JsonWebToken("""{"alg":"ES256","typ":"at+jwt"}""", claims));
}
