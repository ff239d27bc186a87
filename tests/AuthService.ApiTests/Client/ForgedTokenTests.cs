using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;
using static System.Buffers.Text.Base64Url;

namespace AuthService.ApiTests.Client;

/// <summary>Tokens with the id of a published key that another service must not accept.</summary>
public abstract class ForgedTokenTests(AuthHost host)
{
    private const string KeyId = "known";

    [Fact]
    public async Task Tokens_that_are_signed_rightly_and_are_wrong_otherwise_are_refused()
    {
        var settings = SigningKeys.At(1, "ES256", KeyId);
        await using var twin = await host.StartTwinAsync(settings);
        await using var files = await FileService.StartAsync(twin);
        using var key = ECDsa.Create();
        key.ImportFromPem(settings["Jwt:SigningKeys:1:PrivateKeyPem"]);
        string Signed(Action<JsonObject>? header = null, Action<JsonObject>? claims = null) =>
            Seal(header, claims, data => key.SignData(data, HashAlgorithmName.SHA256));

        Assert.Equal("ada", (await files.SeeAsync(Signed())).Name);

        await files.RefuseAsync(Signed(header => header["typ"] = "JWT"));
        await files.RefuseAsync(Signed(header => header.Remove("typ")));
        await files.RefuseAsync(Signed(header => header["typ"] = "one-time+jwt")); // without a jti
        await files.RefuseAsync(Signed(header => header["alg"] = "ES384"));
        await files.RefuseAsync(Signed(header => header["alg"] = "none"));
        await files.RefuseAsync(Signed(header => header.Remove("kid")));
        await files.RefuseAsync(Signed(header => header["kid"] = "../../known"));
        await files.RefuseAsync(Signed(header => header["crit"] = new JsonArray("exp")));
        await files.RefuseAsync(Signed(claims: claims => claims["iss"] = "http://localhost/"));
        await files.RefuseAsync(Signed(claims: claims => claims.Remove("iss")));
        await files.RefuseAsync(Signed(claims: claims => claims.Remove("exp")));
        await files.RefuseAsync(Signed(claims: claims => claims["exp"] = Seconds(-31)));
        await files.RefuseAsync(Signed(claims: claims => claims["nbf"] = Seconds(120)));
        await files.RefuseAsync(Signed(claims: claims => claims.Remove("sub")));
        await files.RefuseAsync(Signed(claims: claims => claims["padding"] = new string('x', 8192)));
    }

    [Fact]
    public async Task Tokens_that_are_not_signed_by_the_published_key_are_refused()
    {
        await using var files = await FileService.StartAsync(host);
        var jwk = (await host.PublishedKeysAsync())["test-es256"];
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] OwnSignature(byte[] data) => own.SignData(data, HashAlgorithmName.SHA256);
        void OfHost(JsonObject header) => header["kid"] = "test-es256";
        void OfHostByHmac(JsonObject header) => (header["kid"], header["alg"]) = ("test-es256", "HS256");
        var good = await host.NewAdminTokenAsync();
        await files.SeeAsync(good);

        await files.RefuseAsync(null);
        await files.RefuseAsync("");
        await files.RefuseAsync("a.b.c");
        await files.RefuseAsync("a.b.c.d.e");
        await files.RefuseAsync(new string('.', 2000));
        await files.RefuseAsync(good[..^4] + (good.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA"));
        await files.RefuseAsync(good[..good.LastIndexOf('.')] + ".");
        await files.RefuseAsync(Seal(OfHost, claims: null, OwnSignature));
        await files.RefuseAsync(Seal(header => (header["kid"], header["jwk"]) = ("test-es256", PublicJwk(own)), claims: null, OwnSignature));
        await files.RefuseAsync(Seal(header => (header["kid"], header["alg"]) = ("test-es256", "none"), claims: null, _ => []));
        foreach (var secret in new[] { jwk.ToString(), jwk.Text("x"), jwk.Text("x") + jwk.Text("y") }.Select(Encoding.UTF8.GetBytes))
            await files.RefuseAsync(Seal(OfHostByHmac, claims: null, data => HMACSHA256.HashData(secret, data)));
    }

    [Fact]
    public async Task Tokens_of_another_issuer_are_refused_and_make_for_no_fetch()
    {
        await using var files = await FileService.StartAsync(host);
        await using var other = await host.StartTwinAsync(new() { ["Jwt:Issuer"] = "http://other.example.com" });
        var token = await other.NewAdminTokenAsync();

        await files.RefuseAsync(token);

        Assert.Equal(0, files.Gateway.CallsOf("/.well-known/jwks.json"));
    }

    [Fact]
    public async Task A_refresh_token_an_api_key_and_a_token_in_the_address_are_no_access_tokens()
    {
        await using var files = await FileService.StartAsync(host);
        var person = await host.SignedInPersonAsync();

        await files.RefuseAsync(person.RefreshToken);
        await files.ExpectAsync(HttpStatusCode.Unauthorized, $"/me?access_token={person.AccessToken}", token: null);
    }

    private string Seal(Action<JsonObject>? header, Action<JsonObject>? claims, Func<byte[], byte[]> sign)
    {
        var head = new JsonObject { ["alg"] = "ES256", ["kid"] = KeyId, ["typ"] = "at+jwt" };
        var body = new JsonObject
        {
            ["iss"] = "http://localhost",
            ["sub"] = "ada",
            ["aud"] = new JsonArray("all:write"),
            ["iat"] = Seconds(0),
            ["exp"] = Seconds(600),
            ["role"] = "ADMIN",
            ["extendedByChain"] = new JsonArray(),
        };
        header?.Invoke(head);
        claims?.Invoke(body);
        var text = $"{Encode(head)}.{Encode(body)}";
        return $"{text}.{EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    private long Seconds(int fromNow) => host.Clock.GetUtcNow().ToUnixTimeSeconds() + fromNow;

    private static string Encode(JsonObject part) => EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static JsonObject PublicJwk(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = EncodeToString(point.X), ["y"] = EncodeToString(point.Y) };
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ForgedTokenTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ForgedTokenTests(store.Host);
}
