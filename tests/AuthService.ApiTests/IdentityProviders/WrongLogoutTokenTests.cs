using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>Invalid logout tokens revoke nothing (OpenID Connect Back-Channel Logout 1.0, section 2.6).</summary>
public abstract class WrongLogoutTokenTests(AuthHost host, ProviderHosts hosts) : IAsyncLifetime
{
    private const string Title = "Example Corp";

    private readonly string _subject = NewName("sub");
    private PlainProvider _provider = null!;
    private AuthHost _twin = null!;

    /// <summary>The faults to put into the payload.</summary>
    private static readonly string[] Payloads =
    [
        "another iss", "no iss", "another aud", "no aud", "no iat", "iat as text", "iat ahead", "no exp", "expired", "exp in a year", "exp beyond all time",
        "no events", "events as text", "another event", "event as text", "nonce", "nonce null", "neither sub nor sid", "sub as number", "sub too long",
        "sub with a NUL", "sid as list", "sid empty", "no jti", "jti as number",
    ];

    /// <summary>The faults to put into the header or the signature.</summary>
    private static readonly string[] Tokens =
    [
        "none", "another key", "another key of the same name", "HS256 by the secret", "HS256 by the public key", "HS256 by the public key in PEM",
        "HS256 by the modulus", "typ of an access token", "a part missing", "no token", "half a surrogate",
    ];

    public async Task InitializeAsync()
    {
        _provider = hosts.Reset();
        _twin = await hosts.TwinAsync(_provider.SettingsFor(Title));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Every_wrong_payload_is_refused()
    {
        var session = await _twin.SignInAsync(_provider, _subject, "s1");
        foreach (var fault in Payloads)
        {
            var payload = Payload();
            Alter(payload, fault, host.Clock.GetUtcNow().ToUnixTimeSeconds());
            await ExpectRefusedAsync(fault, LogoutTokens.Sign(payload, _provider.Key), session);
        }
    }

    [Fact]
    public async Task Every_wrong_token_is_refused()
    {
        var session = await _twin.SignInAsync(_provider, _subject, "s1");
        foreach (var fault in Tokens)
            await ExpectRefusedAsync(fault, Write(fault), session);
    }

    [Fact]
    public async Task A_key_for_HS256_that_the_provider_lists_signs_nothing()
    {
        _provider = await hosts.StartProviderAsync();
        _provider.SharedKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(PlainProvider.ClientSecret)) { KeyId = "shared" };
        await using var fresh = _twin = await host.StartTwinAsync(_provider.SettingsFor(Title));
        var session = await _twin.SignInAsync(_provider, _subject, "s1");

        var token = LogoutTokens.Sign(Payload().ToJsonString(), _provider.SharedKey, SecurityAlgorithms.HmacSha256);

        await ExpectRefusedAsync("HS256 by a listed key", token, session);
    }

    [Fact]
    public async Task An_ID_token_is_none_and_older_types_are()
    {
        var session = await _twin.SignInAsync(_provider, _subject, "s1");
        var identity = Payload();
        identity.Remove("events");
        identity["nonce"] = "n";
        await ExpectRefusedAsync("an ID token", PlainProvider.Sign(identity, _provider.Key), session);

        foreach (var type in new[] { "JWT", "application/logout+jwt", "LOGOUT+JWT", null })
            await _twin.TrySignOutAsync(Title, LogoutTokens.Sign(Payload().ToJsonString(), _provider.Key, type: type)).ExpectAsync(HttpStatusCode.OK);

        Assert.False(await _twin.IsActiveAsync(session));
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_ends_nothing_until_it_does()
    {
        _provider = await hosts.StartProviderAsync();
        await using var fresh = _twin = await host.StartTwinAsync(_provider.SettingsFor(Title));
        var session = await _twin.SignInAsync(_provider, _subject, "s1");
        await using var other = await _twin.StartTwinAsync(_provider.SettingsFor(Title));
        _provider.AnswerMetadata = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        var token = LogoutTokens.Sign(Payload(), _provider.Key);
        Assert.Equal("invalid_request", (await other.TrySignOutAsync(Title, token).RefusalAsync(HttpStatusCode.BadRequest)).Code);
        Assert.True(await _twin.IsActiveAsync(session));

        await _twin.TrySignOutAsync(Title, token).ExpectAsync(HttpStatusCode.OK);

        Assert.False(await _twin.IsActiveAsync(session));
    }

    private static void Alter(JsonObject payload, string fault, long now)
    {
        var (name, value) = fault switch
        {
            "another iss" => ("iss", "https://id.example.com"),
            "another aud" => ("aud", "somebody-else"),
            "iat as text" => ("iat", "now"),
            "iat ahead" => ("iat", now + 120),
            "expired" => ("exp", now - 60),
            "exp in a year" => ("exp", now + (365 * 86400)),
            "exp beyond all time" => ("exp", 1e18),
            "events as text" => ("events", LogoutTokens.Event),
            "another event" => ("events", new JsonObject { ["http://schemas.openid.net/event/other"] = new JsonObject() }),
            "event as text" => ("events", new JsonObject { [LogoutTokens.Event] = "" }),
            "nonce" => ("nonce", "n"),
            "sub as number" => ("sub", 7),
            "sub too long" => ("sub", new string('s', 256)),
            "sub with a NUL" => ("sub", "a\0b"),
            "sid as list" => ("sid", new JsonArray("s1")),
            "sid empty" => ("sid", ""),
            "jti as number" => ("jti", 7),
            "nonce null" => ("nonce", (JsonNode?)null),
            _ => ("", null),
        };
        if (name.Length > 0)
            payload[name] = value;
        else if (fault is "neither sub nor sid")
            _ = payload.Remove("sub") && payload.Remove("sid");
        else
            Assert.True(payload.Remove(fault["no ".Length..]), fault);
    }

    private string Write(string fault)
    {
        var payload = Payload().ToJsonString();
        return fault switch
        {
            "none" => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(payload),
            "another key" => LogoutTokens.Sign(payload, PlainProvider.NewKey()),
            "another key of the same name" => LogoutTokens.Sign(payload, new RsaSecurityKey(PlainProvider.NewKey().Rsa) { KeyId = _provider.Key.KeyId }),
            "typ of an access token" => LogoutTokens.Sign(payload, _provider.Key, type: "at+jwt"),
            "a part missing" => LogoutTokens.Sign(payload, _provider.Key).Split('.')[0],
            "half a surrogate" => LogoutTokens.Sign(payload.Replace(_subject, @"\ud800", StringComparison.Ordinal), _provider.Key),
            "no token" => "x",
            _ => LogoutTokens.Sign(payload, _provider.SharedKeyOf(fault["HS256 by ".Length..]), SecurityAlgorithms.HmacSha256),
        };
    }

    private JsonObject Payload() => LogoutTokens.PayloadOf(_provider, host.Clock.GetUtcNow(), _subject, "s1");

    private async Task ExpectRefusedAsync(string fault, string token, SignedIn session)
    {
        using var answer = await _twin.TrySignOutAsync(Title, token);
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest, $"{fault}: {answer.StatusCode}");
        Assert.Equal("invalid_request", (await answer.ExpectAsync(HttpStatusCode.BadRequest)).Text("error"));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.True(await _twin.IsActiveAsync(session), fault);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(ProviderHosts<SqliteStore> hosts) : WrongLogoutTokenTests(hosts.Host, hosts), IClassFixture<ProviderHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ProviderHosts<PostgresStore> hosts) : WrongLogoutTokenTests(hosts.Host, hosts), IClassFixture<ProviderHosts<PostgresStore>>;
}
