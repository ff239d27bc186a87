using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>
/// An identity provider on 127.0.0.1 that signs everybody in without a page. A test sets its claims, and can make any of its responses
/// wrong.
/// </summary>
internal sealed class PlainProvider : IAsyncDisposable
{
    public const string ClientId = "authservice";

    /// <summary>The client secret. It is long enough to be an HS256 key.</summary>
    public const string ClientSecret = "secret-of-the-client-and-no-key-to-sign-with";

    /// <summary>The provider's access token, which this service does not use.</summary>
    public const string AccessToken = "access-token-of-the-provider";

    /// <summary>The first key of every provider, because a new one takes long to create. A test that needs two providers' keys apart rotates one.</summary>
    private static readonly RsaSecurityKey FirstKey = NewKey();

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge)> _codes = new(StringComparer.Ordinal);
    private string _latestNonce = "";

    private PlainProvider(WebApplication app, TimeProvider clock) => (_app, Clock) = (app, clock);

    /// <summary>The clock of the instances that trust this provider.</summary>
    public TimeProvider Clock { get; set; }

    public string Issuer { get; private set; } = "";

    /// <summary>The claims to add to those that every ID token has.</summary>
    public JsonObject Claims { get; set; } = [];

    /// <summary>Changes the payload of an ID token before it is signed.</summary>
    public Action<JsonObject> Alter { get; set; } = _ => { };

    /// <summary>Creates the ID token instead of <see cref="Sign"/>.</summary>
    public Func<JsonObject, string>? Write { get; set; }

    /// <summary>Changes the metadata.</summary>
    public Action<JsonObject> AlterMetadata { get; set; } = _ => { };

    /// <summary>Replaces the token endpoint.</summary>
    public Func<HttpContext, Task>? AnswerToken { get; set; }

    /// <summary>Replaces the metadata endpoint.</summary>
    public Func<HttpContext, Task>? AnswerMetadata { get; set; }

    /// <summary>Maps the callback to an address that the test can reach, if the public address of the service is another one.</summary>
    public Func<string, string> Reach { get; set; } = callback => callback;

    public RsaSecurityKey Key { get; private set; } = new(RSA.Create(FirstKey.Rsa.ExportParameters(includePrivateParameters: true))) { KeyId = FirstKey.KeyId };

    /// <summary>Whether a code can be exchanged again, which no provider should allow. Then only the service makes a sign-in count once.</summary>
    public bool AcceptsCodesAgain { get; set; }

    public int KeysRead { get; private set; }

    public int TokenRequests { get; private set; }

    /// <summary>The number of requests for tokens at an endpoint that the metadata does not name.</summary>
    public int TokenRequestsElsewhere { get; private set; }

    /// <summary>A symmetric key to publish with the others. No signature with it may be accepted.</summary>
    public SymmetricSecurityKey? SharedKey { get; set; }

    /// <param name="clock">The clock of the instances that trust this provider.</param>
    /// <param name="certificate">The certificate for https, or null for http.</param>
    public static async Task<PlainProvider> StartAsync(TimeProvider clock, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        var provider = new PlainProvider(builder.Build(), clock);
        provider.Map();
        await provider._app.StartAsync();
        provider.Issuer = provider._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return provider;
    }

    /// <summary>Returns settings for an instance that trusts this provider.</summary>
    public Settings SettingsFor(string title, int index = 0, bool createPersons = true) => new()
    {
        [$"IdentityProviders:{index}:Title"] = title,
        [$"IdentityProviders:{index}:Authority"] = Issuer,
        [$"IdentityProviders:{index}:ClientId"] = ClientId,
        [$"IdentityProviders:{index}:ClientSecret"] = ClientSecret,
        [$"IdentityProviders:{index}:CreatePersons"] = createPersons ? "true" : "false",
    };

    public void RotateKey() => Key = NewKey();

    /// <summary>Takes back what a test has changed, except the key.</summary>
    public void Reset()
    {
        (Claims, Alter, Write, AlterMetadata, AnswerToken, AnswerMetadata, SharedKey) = ([], _ => { }, null, _ => { }, null, null, null);
        (KeysRead, TokenRequests, TokenRequestsElsewhere, _latestNonce) = (0, 0, 0, "");
        (Reach, AcceptsCodesAgain) = (callback => callback, false);
        _codes.Clear();
    }

    /// <summary>
    /// Returns an HS256 key made of the client secret or of a public value, with the id of <see cref="Key"/>. No signature with it may be
    /// accepted.
    /// </summary>
    public SymmetricSecurityKey SharedKeyOf(string kind) => new(kind switch
    {
        "the secret" => Encoding.UTF8.GetBytes(ClientSecret),
        "the public key" => Key.Rsa.ExportSubjectPublicKeyInfo(),
        "the public key in PEM" => Encoding.ASCII.GetBytes(Key.Rsa.ExportSubjectPublicKeyInfoPem()),
        "the modulus" => Key.Rsa.ExportParameters(includePrivateParameters: false).Modulus!,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    })
    {
        KeyId = Key.KeyId,
    };

    public static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = RandomNumberGenerator.GetHexString(8) };

    public static string Sign(JsonObject payload, SecurityKey key, string algorithm = SecurityAlgorithms.RsaSha256) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(payload.ToJsonString(), new SigningCredentials(key, algorithm));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void Map()
    {
        _app.MapGet("/.well-known/openid-configuration", context => AnswerMetadata?.Invoke(context) ?? context.Response.WriteAsync(Metadata().ToJsonString()));
        _app.MapGet("/jwks", () =>
        {
            KeysRead++;
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(Key.Rsa.ExportParameters(false)) { KeyId = Key.KeyId });
            List<object> keys = [new { kty = key.Kty, kid = key.Kid, n = key.N, e = key.E, use = "sig" }];
            if (SharedKey is { } shared)
                keys.Add(new { kty = "oct", kid = shared.KeyId, k = Base64UrlEncoder.Encode(shared.Key), use = "sig" });
            return Results.Json(new { keys });
        });
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", context => AnswerToken?.Invoke(context) ?? GiveTokenAsync(context));
        _app.MapMethods("/elsewhere", [HttpMethods.Get, HttpMethods.Post], context =>
        {
            TokenRequestsElsewhere++;
            return WriteTokenAsync(context, _latestNonce);
        });
    }

    private JsonObject Metadata()
    {
        var metadata = new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token",
            ["jwks_uri"] = $"{Issuer}/jwks",
        };
        AlterMetadata(metadata);
        return metadata;
    }

    private IResult Authorize(HttpRequest request)
    {
        var code = RandomNumberGenerator.GetHexString(24);
        _latestNonce = $"{request.Query["nonce"]}";
        _codes[code] = (_latestNonce, $"{request.Query["code_challenge"]}");
        return Results.Redirect(QueryHelpers.AddQueryString(Reach($"{request.Query["redirect_uri"]}"), new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["code"] = code,
            ["state"] = $"{request.Query["state"]}",
        }));
    }

    /// <summary>Exchanges a code for tokens, usually once, and only with its code verifier (RFC 7636).</summary>
    private async Task GiveTokenAsync(HttpContext context)
    {
        TokenRequests++;
        var form = await context.Request.ReadFormAsync();
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes($"{form["code_verifier"]}"));
        var code = $"{form["code"]}";
        var isKnown = AcceptsCodesAgain ? _codes.TryGetValue(code, out var asked) : _codes.TryRemove(code, out asked);
        if (!isKnown || asked.Challenge != Base64UrlEncoder.Encode(hash))
        {
            context.Response.StatusCode = (int)HttpStatusCode.BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_grant" });
            return;
        }

        await WriteTokenAsync(context, asked.Nonce);
    }

    private async Task WriteTokenAsync(HttpContext context, string nonce)
    {
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        var payload = new JsonObject { ["iss"] = Issuer, ["aud"] = ClientId, ["iat"] = now, ["exp"] = now + 300, ["nonce"] = nonce };
        foreach (var (name, value) in Claims)
            payload[name] = value?.DeepClone();
        Alter(payload);
        var token = Write?.Invoke(payload) ?? Sign(payload, Key);
        await context.Response.WriteAsJsonAsync(new { access_token = AccessToken, token_type = "Bearer", expires_in = 60, id_token = token });
    }
}
