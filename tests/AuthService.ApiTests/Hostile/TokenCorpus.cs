using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using static AuthService.ApiTests.Hostile.TokenForge;

namespace AuthService.ApiTests.Hostile;

/// <summary>Invalid tokens (SECURITY 10 and 11). Each differs from a valid one in one thing.</summary>
/// <param name="Good">A valid token that the service issued.</param>
internal sealed record TokenCorpus(TokenForge Forge, string Good, DateTimeOffset Now)
{
    private static readonly string[] KeyIds =
    [
        "\"", "'", "'; DROP TABLE sessions; --", "../../../../dev/null", "/etc/passwd", "own-es256\0", "OWN-ES256", " own-es256", "*", "", "%00", "${env:HOME}",
        new('k', 10_000),
    ];

    private static JsonObject Header => new() { ["alg"] = "ES256", ["kid"] = Elliptic, ["typ"] = "at+jwt" };

    private JsonObject Claims => JsonNode.Parse(Requests.ClaimsOf(Good).GetRawText())!.AsObject();

    /// <summary>The valid token, signed by the forge. It shows that the others are refused for their fault and not for their signature.</summary>
    public string Control => Sign();

    public IEnumerable<(string What, string Token)> All =>
        [.. Unsigned(), .. SharedSecrets(), .. OtherKeys(), .. BroughtKeys(), .. Headers(), .. WrongClaims(), .. Times(), .. Forms()];

    private string Sign(Action<JsonObject>? header = null, Action<JsonObject>? claims = null, Func<byte[], byte[]>? signer = null)
    {
        var (head, body) = (Header, Claims);
        header?.Invoke(head);
        claims?.Invoke(body);
        return Seal(head.ToJsonString(), body.ToJsonString(), signer ?? Forge.Es256);
    }

    private string SignText(string claims) => Seal(Header.ToJsonString(), claims, Forge.Es256);

    private IEnumerable<(string What, string Token)> Unsigned()
    {
        foreach (var algorithm in new[] { "none", "None", "NONE", "nOnE", "" })
        {
            var signed = Sign(header => header["alg"] = algorithm);
            yield return ($"alg {algorithm}, signed", signed);
            yield return ($"alg {algorithm}", signed[..(signed.LastIndexOf('.') + 1)]);
            yield return ($"alg {algorithm}, two parts", signed[..signed.LastIndexOf('.')]);
            yield return ($"alg {algorithm} without kid", Sign(header => (header["alg"], _) = (algorithm, header.Remove("kid")), signer: _ => []));
        }
    }

    private IEnumerable<(string What, string Token)> SharedSecrets() =>
        from secret in Forge.PublicParts
        from keyId in new[] { Elliptic, TokenForge.Rsa }
        from algorithm in new[] { "HS256", "HS512" }
        select ($"{algorithm} with what is public of {keyId}", Sign(header => (header["alg"], header["kid"]) = (algorithm, keyId), signer: signed =>
            algorithm is "HS256" ? HMACSHA256.HashData(secret, signed) : HMACSHA512.HashData(secret, signed)));

    private IEnumerable<(string What, string Token)> OtherKeys()
    {
        (string Algorithm, string KeyId, Func<byte[], byte[]> Signer)[] all =
        [
            ("RS256", Elliptic, Forge.Rs256), ("ES256", TokenForge.Rsa, Forge.Es256), ("ES256", Shared, Forge.Es256),
            ("HS512", Elliptic, Forge.Hs512), ("HS512", TokenForge.Rsa, Forge.Hs512),
            ("HS256", Shared, Forge.Hs256), ("PS256", TokenForge.Rsa, Forge.Ps256), ("RS384", TokenForge.Rsa, Forge.Rs384),
            ("RS256", Shared, Forge.Rs256), ("es256", Elliptic, Forge.Es256),
            ("ES384", Elliptic, Forge.Es256), ("ES256 ", Elliptic, Forge.Es256), ("ES256", Elliptic, Forge.Rs256), ("ES256", Elliptic, _ => []),
            ("ES256", Elliptic, _ => new byte[64]),
            ("ES256", Elliptic, signed => Forge.Es256(signed)[..63]), ("ES256", Elliptic, signed => [.. Forge.Es256(signed), 0]),
        ];
        return all.Select(key => (
            $"{key.Algorithm} under {key.KeyId}", Sign(header => (header["alg"], header["kid"]) = (key.Algorithm, key.KeyId), signer: key.Signer)));
    }

    private IEnumerable<(string What, string Token)> BroughtKeys()
    {
        var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (string Name, JsonNode Value)[] brought =
        [
            ("jwk", Jwk(own, Elliptic)), ("jku", "https://evil.example/jwks.json"), ("x5u", "https://evil.example/cert.pem"),
            ("x5c", new JsonArray("AAAA")), ("x5t", "AAAA"),
            ("jku", "file:///etc/passwd"), ("url", "http://127.0.0.1:1/"),
        ];
        return from key in brought
               from keyId in new[] { Elliptic, "another" }
               select ($"{key.Name} brought along as {keyId}", Sign(
                   header => (header[key.Name], header["kid"]) = (key.Value.DeepClone(), keyId),
                   signer: signed => own.SignData(signed, HashAlgorithmName.SHA256)));
    }

    private IEnumerable<(string What, string Token)> Headers()
    {
        foreach (var keyId in KeyIds)
            yield return ($"kid {keyId[..Math.Min(30, keyId.Length)]}", Sign(header => header["kid"] = keyId));
        foreach (var json in new[] { "null", "1", "[\"own-es256\"]", "{}" })
            yield return ($"kid {json}", Sign(header => header["kid"] = JsonNode.Parse(json)));
        yield return ("no kid", Sign(header => header.Remove("kid")));
        yield return ("no alg", Sign(header => header.Remove("alg")));
        foreach (var json in new[] { "[\"exp\"]", "[\"b64\"]", "[\"http://example.com/UNDEFINED\"]", "[]", "null", "\"exp\"" })
            yield return ($"crit {json}", Sign(header => (header["crit"], header["exp"]) = (JsonNode.Parse(json), 1)));
        yield return ("b64 false", Sign(header => (header["b64"], header["crit"]) = (false, new JsonArray("b64"))));
        foreach (var type in new[] { "JWT", "jwt", "id+jwt", "logout+jwt", "refresh+jwt", "" })
            yield return ($"typ {type}", Sign(header => header["typ"] = type));
        yield return ("no typ", Sign(header => header.Remove("typ")));
        yield return ("typ in an array", Sign(header => header["typ"] = new JsonArray("at+jwt")));
        const string Doubled = """{"alg":"none","alg":"ES256","kid":"own-es256","typ":"at+jwt","kid":"own-rs256"}""";
        yield return ("doubled alg and kid", Seal(Doubled, Claims.ToJsonString(), Forge.Es256));
    }

    private IEnumerable<(string What, string Token)> WrongClaims()
    {
        foreach (var name in new[] { "iss", "exp", "sub", "aud", "iat", "role", "principalType", "extendedByChain" })
        {
            yield return ($"no {name}", Sign(claims: claims => claims.Remove(name)));
            yield return ($"{name} null", Sign(claims: claims => claims[name] = null));
            yield return ($"{name} an object", Sign(claims: claims => claims[name] = new JsonObject()));
            var again = $"\"{name}\":{JsonSerializer.Serialize(Claims[name])}";
            yield return ($"{name} doubled", SignText($"{Claims.ToJsonString()[..^1]},{again}}}"));
            yield return ($"{name} doubled at the start", SignText($"{{{again},{Claims.ToJsonString()[1..]}"));
        }

        foreach (var issuer in new[] { "http://localhost/", "HTTP://LOCALHOST", "https://evil.example", "" })
            yield return ($"iss {issuer}", Sign(claims: claims => claims["iss"] = issuer));
        yield return ("iss in an array", Sign(claims: claims => claims["iss"] = new JsonArray("http://localhost")));
        foreach (var exp in new[] { "\"9999999999\"", "9999999999.5", "1e30", "-1", "0", "99999999999999999999", "NaN" })
            yield return ($"exp {exp}", SignText(Claims.ToJsonString().Replace($"\"exp\":{Claims["exp"]}", $"\"exp\":{exp}", StringComparison.Ordinal)));
        foreach (var sid in new JsonNode[] { "no uuid", 7, $"{Guid.Empty}", $"{Guid.NewGuid()}" })
            yield return ($"sid {sid}", Sign(claims: claims => (claims["sid"], claims["publicSessionReference"]) = (sid.DeepClone(), sid.DeepClone())));
        foreach (var subject in new[] { "nobody", "", "ADMIN", "_svc", new('s', 300) })
            yield return ($"sub {subject[..Math.Min(20, subject.Length)]}", Sign(claims: claims => claims["sub"] = subject));
        yield return ("a jti: a one-time token", Sign(claims: claims => claims["jti"] = "0b6f2d1c4e8a4f7795d3a1c2e4f60718"));
        yield return ("act: somebody impersonates", Sign(claims: claims => claims["act"] = new JsonObject { ["sub"] = "nobody" }));
    }

    private IEnumerable<(string What, string Token)> Times()
    {
        var now = Now.ToUnixTimeSeconds();
        yield return ("expired 31 seconds ago", Sign(claims: claims => claims["exp"] = now - 31));
        yield return ("expired a year ago", Sign(claims: claims => claims["exp"] = now - 31_536_000));
        yield return ("valid in 31 seconds", Sign(claims: claims => claims["nbf"] = now + 31));
        yield return ("valid in a year", Sign(claims: claims => claims["nbf"] = now + 31_536_000));
    }

    private IEnumerable<(string What, string Token)> Forms()
    {
        var parts = Good.Split('.');
        yield return ("over 8 KB", Sign(claims: claims => claims["padding"] = new string('x', 8_192)));
        yield return ("encrypted", Jwe("""{"alg":"dir","enc":"A256GCM","kid":"own-hs512","typ":"at+jwt"}""", key: ""));
        yield return ("encrypted to a key", Jwe("""{"alg":"ECDH-ES","enc":"A128CBC-HS256","kid":"own-es256"}"""));
        yield return ("compressed and encrypted", Jwe("""{"alg":"RSA-OAEP","enc":"A128GCM","zip":"DEF","kid":"own-rs256"}"""));
        yield return ("hashing for a year", Jwe("""{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":2147483647,"p2s":"AAAA"}"""));
        foreach (var character in new[] { "+", "/", "=", "%", "!", "." })
        {
            for (var part = 0; part < parts.Length; part++)
                yield return ($"{character} in part {part + 1}",
                    string.Join('.', [.. parts[..part], parts[part].Insert(4, character), .. parts[(part + 1)..]]));
        }

        foreach (var claims in new[] { "", "{", "[]", "null", "\"text\"", "{}" })
            yield return ($"claims {claims}", SignText(claims));
        foreach (var header in new[] { "", "{", "[]", "null", "{}" })
            yield return ($"header {header}", Seal(header, Claims.ToJsonString(), Forge.Es256));
        string[] texts = [".", "..", "...", "....", "a.b.c", "null.null.null", parts[0], $"{parts[0]}.", $"{Good}.", $".{Good}", $"{Good}.{parts[2]}"];
        foreach (var text in texts)
            yield return ($"the text {text[..Math.Min(30, text.Length)]}", text);
        yield return ("another signature", $"{parts[0]}.{parts[1]}.{Control.Split('.')[2]}");
        yield return ("others' claims", $"{parts[0]}.{Encode(Claims.ToJsonString().Replace("all:write", "all:read", StringComparison.Ordinal))}.{parts[2]}");
    }

    /// <summary>Returns an encrypted token. The service decrypts none, whatever key encrypted it.</summary>
    private static string Jwe(string header, string key = "AAAA") => $"{Encode(header)}.{key}.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA";
}
