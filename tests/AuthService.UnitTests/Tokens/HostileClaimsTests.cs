using System.Text.Json.Nodes;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>Texts that are not tokens, and tokens with a valid signature but claims that the service never writes, are refused without an exception.</summary>
public sealed class HostileClaimsTests : IDisposable
{
    private readonly TokenFixture _fixture = new(TestKeys.Settings(0, "ES256"));

    private JsonObject Claims => Forgery.Claims(_fixture.Clock.Now);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d.e")]
    [InlineData("Bearer x")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9..")]
    [InlineData("!!!.???.###")]
    [InlineData("null.null.null")]
    [InlineData("\0.\0.\0")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_JWT_is_refused(string text) => await RefusedAsync(text);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("")]
    public async Task What_is_no_JSON_object_is_refused(string json)
    {
        await RefusedAsync(Forgery.Sign(Forgery.Header("ES256").ToJsonString(), json, Forgery.P256));
        await RefusedAsync(Forgery.Sign(json, Claims.ToJsonString(), Forgery.P256));
    }

    [Theory]
    [InlineData("+")]
    [InlineData("/")]
    [InlineData("=")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("%")]
    public async Task Bad_base64_is_refused_in_every_part(string character)
    {
        var parts = Forgery.Sign(Forgery.Header("ES256"), Claims).Split('.');
        for (var i = 0; i < parts.Length; i++)
        {
            var changed = parts.ToArray();
            changed[i] = changed[i].Insert(4, character);
            await RefusedAsync(string.Join('.', changed));
        }
    }

    /// <summary>Anyone can encrypt a token to the service. It is refused without being decrypted.</summary>
    [Fact]
    public async Task An_encrypted_token_is_refused()
    {
        var header = Forgery.Encode("""{"alg":"dir","enc":"A256GCM","kid":"key-ES256","typ":"at+jwt"}""");

        await RefusedAsync($"{header}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
        await RefusedAsync($"{Forgery.Encode("""{"alg":"ECDH-ES","enc":"A128CBC-HS256","kid":"key-ES256"}""")}.AAAA.AAAA.AAAA.AAAA");
    }

    [Fact]
    public async Task A_token_of_8192_characters_is_read_and_a_longer_one_is_not()
    {
        var tokens = Enumerable.Range(5700, 200).Select(OfSize).ToArray();

        Assert.NotNull(await _fixture.Reader.ReadAsync(tokens.Last(token => token.Length <= 8192)));
        await RefusedAsync(tokens.First(token => token.Length > 8192));
        await RefusedAsync(new string('a', 1_000_000));
    }

    [Theory]
    [InlineData("iss")]
    [InlineData("exp")]
    [InlineData("sub")]
    [InlineData("aud")]
    [InlineData("iat")]
    [InlineData("role")]
    [InlineData("principalType")]
    [InlineData("extendedByChain")]
    public async Task A_claim_that_is_always_there_is_required_and_not_null(string name)
    {
        var (without, withNull) = (Claims, Claims);
        without.Remove(name);
        withNull[name] = null;

        await RefusedAsync(Forgery.Sign(Forgery.Header("ES256"), without));
        await RefusedAsync(Forgery.Sign(Forgery.Header("ES256"), withNull));
    }

    [Theory]
    [InlineData("iss", "\"https://auth.example.com\"")]
    [InlineData("sub", "\"admin\"")]
    [InlineData("exp", "9999999999")]
    [InlineData("role", "\"ADMIN\"")]
    [InlineData("aud", "[\"all:write\"]")]
    public async Task A_doubled_claim_is_refused(string name, string value)
    {
        var claims = Claims.ToJsonString();

        await RefusedAsync(Forgery.Sign(Forgery.Header("ES256").ToJsonString(), $"{claims[..^1]},\"{name}\":{value}}}", Forgery.P256));
        await RefusedAsync(Forgery.Sign(Forgery.Header("ES256").ToJsonString(), $"{{\"{name}\":{value},{claims[1..]}", Forgery.P256));
    }

    [Theory]
    [InlineData("sub", "1")]
    [InlineData("aud", "\"all:write\"")]
    [InlineData("aud", "{}")]
    [InlineData("exp", "\"9999999999\"")]
    [InlineData("exp", "9999999999.5")]
    [InlineData("exp", "1e30")]
    [InlineData("exp", "-1")]
    [InlineData("exp", "99999999999999999999")]
    [InlineData("iat", "\"1\"")]
    [InlineData("role", "[\"ADMIN\"]")]
    [InlineData("extendedByChain", "\"_svc\"")]
    [InlineData("sid", "\"no-uuid\"")]
    [InlineData("sid", "7")]
    [InlineData("jti", "7")]
    public async Task A_claim_of_a_wrong_type_is_refused(string name, string json)
    {
        var claims = Claims;
        claims[name] = JsonNode.Parse(json);

        await RefusedAsync(Forgery.Sign(Forgery.Header("ES256"), claims));
    }

    [Theory]
    [InlineData("https://auth.example.com/")]
    [InlineData("https://AUTH.example.com")]
    [InlineData("http://auth.example.com")]
    [InlineData("https://evil.example")]
    [InlineData("")]
    public async Task Another_issuer_is_refused(string issuer)
    {
        var claims = Claims;
        claims["iss"] = issuer;

        await RefusedAsync(Forgery.Sign(Forgery.Header("ES256"), claims));
    }

    [Fact]
    public async Task A_token_lives_until_its_exp_give_or_take_the_skew_of_30_seconds()
    {
        var token = Forgery.Sign(Forgery.Header("ES256"), Claims);
        var end = DateTimeOffset.FromUnixTimeSeconds(Claims["exp"]!.GetValue<long>());

        _fixture.Clock.Now = end - TimeSpan.FromSeconds(1);
        Assert.NotNull(await _fixture.Reader.ReadAsync(token));
        _fixture.Clock.Now = end - TimeSpan.FromMicroseconds(1);
        Assert.NotNull(await _fixture.Reader.ReadAsync(token));
        _fixture.Clock.Now = end + TimeSpan.FromSeconds(30);
        await RefusedAsync(token);
    }

    /// <summary>The endpoints of this service use the same clock as the issuer, so they allow no clock skew.</summary>
    [Fact]
    public async Task At_its_very_end_it_is_refused_here()
    {
        var token = Forgery.Sign(Forgery.Header("ES256"), Claims);

        _fixture.Clock.Now = DateTimeOffset.FromUnixTimeSeconds(Claims["exp"]!.GetValue<long>());

        await RefusedAsync(token);
    }

    /// <summary>The service never writes this claim. A token with it must have been signed on purpose by someone with the key, and it is respected.</summary>
    [Fact]
    public async Task A_token_is_not_good_before_its_nbf()
    {
        var claims = Claims;
        claims["nbf"] = _fixture.Clock.Now.ToUnixTimeSeconds() + 5;
        var token = Forgery.Sign(Forgery.Header("ES256"), claims);

        await RefusedAsync(token);
        _fixture.Clock.Now += TimeSpan.FromSeconds(5);
        Assert.NotNull(await _fixture.Reader.ReadAsync(token));
    }

    public void Dispose() => _fixture.Dispose();

    private string OfSize(int size)
    {
        var claims = Claims;
        claims["orgId"] = new string('x', size);
        return Forgery.Sign(Forgery.Header("ES256"), claims);
    }

    private async Task RefusedAsync(string text) => Assert.True(await _fixture.Reader.ReadAsync(text) is null, text.Length > 300 ? text[..300] : text);
}
