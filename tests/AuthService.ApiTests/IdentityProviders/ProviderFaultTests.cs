using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>An invalid response from an identity provider leads to a page that tells the person what to do, and creates nobody.</summary>
public abstract class ProviderFaultTests(AuthHost host, ProviderHosts hosts) : IAsyncLifetime
{
    private const string CannotBeUsed = "cannot be used";
    private const string DoesNotAnswer = "does not answer as it should";

    private readonly string _name = NewName("nobody");
    private PlainProvider _provider = null!;
    private AuthHost _twin = null!;

    public async Task InitializeAsync()
    {
        _provider = hosts.Reset(new() { ["sub"] = NewName("sub"), ["preferred_username"] = _name });
        _twin = await hosts.TwinAsync(_provider.SettingsFor("Example Corp"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public static TheoryData<string, string?> WrongClaims { get; } = new()
    {
        { "iss", "\"https://other.example.com\"" },
        { "iss", null },
        { "aud", "\"another-client\"" },
        { "aud", null },
        { "nonce", "\"of-another-request\"" },
        { "nonce", null },
        { "exp", "1700000000" },
        { "exp", null },
        { "exp", "\"tomorrow\"" },
        { "nbf", "99999999999" },
        { "azp", "\"another-client\"" },
        { "sub", null },
        { "sub", "\"\"" },
        { "sub", "17" },
        { "sub", "\"line\\nfeed\"" },
        { "sid", $"\"{new string('s', 256)}\"" },
    };

    [Theory]
    [MemberData(nameof(WrongClaims))]
    public async Task An_ID_token_with_a_wrong_claim(string claim, string? value)
    {
        _provider.Alter = payload =>
        {
            payload.Remove(claim);
            if (value is not null)
                payload[claim] = JsonNode.Parse(value);
        };

        await RefusedAsync(CannotBeUsed);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    [InlineData(10_240, false)]
    public async Task A_subject_has_at_most_255_characters(int length, bool isTaken)
    {
        _provider.Claims["sub"] = (NewName("long") + new string('x', length))[..length];

        if (isTaken)
            await (await new ProviderBrowser(_twin).SignInAsync()).ExpectPageAsync(HttpStatusCode.OK);
        else
            await RefusedAsync(CannotBeUsed);
    }

    public static TheoryData<string> WrongSignatures { get; } =
    [
        "none", "HS256 by the secret", "HS256 by the public key", "HS256 by the public key in PEM", "HS256 by the modulus", "another key",
        "another key of the same name", "cut", "doubled",
    ];

    [Theory]
    [MemberData(nameof(WrongSignatures))]
    public async Task An_ID_token_that_is_not_signed_by_the_provider(string kind)
    {
        var stranger = PlainProvider.NewKey();
        _provider.Write = payload => kind switch
        {
            "none" => $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{Base64UrlEncoder.Encode(payload.ToJsonString())}.",
            "another key" => PlainProvider.Sign(payload, stranger),
            "another key of the same name" => PlainProvider.Sign(payload, new RsaSecurityKey(stranger.Rsa) { KeyId = _provider.Key.KeyId }),
            "cut" => PlainProvider.Sign(payload, _provider.Key)[..^8],
            "doubled" => "e30." + PlainProvider.Sign(payload, _provider.Key),
            _ => PlainProvider.Sign(payload, _provider.SharedKeyOf(kind["HS256 by ".Length..]), SecurityAlgorithms.HmacSha256),
        };

        await RefusedAsync(CannotBeUsed);
    }

    /// <summary>If this key were accepted, everybody who knows the client secret could sign ID tokens for anybody.</summary>
    [Fact]
    public async Task An_ID_token_by_HS256_whose_key_the_provider_lists()
    {
        _provider = await hosts.StartProviderAsync();
        _provider.SharedKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(PlainProvider.ClientSecret)) { KeyId = "shared" };
        _provider.Write = payload => PlainProvider.Sign(payload, _provider.SharedKey, SecurityAlgorithms.HmacSha256);
        await using var fresh = await host.StartTwinAsync(_provider.SettingsFor("Example Corp"));

        await RefusedAsync(CannotBeUsed, fresh);

        Assert.NotEqual(0, _provider.KeysRead);
    }

    [Theory]
    [InlineData(200, "text/html", "<html><body>Sign in to the network first</body></html>")]
    [InlineData(500, "text/html", "<html></html>")]
    [InlineData(200, "application/json", "{}")]
    [InlineData(200, "application/json", "[]")]
    [InlineData(200, "application/json", """{"access_token":"a","token_type":"Bearer","id_token":"no token"}""")]
    public async Task Something_else_than_tokens(int status, string type, string body)
    {
        _provider.AnswerToken = context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, type);
            return context.Response.WriteAsync(body);
        };

        await RefusedAsync(CannotBeUsed);
    }

    /// <summary>The target would return tokens, but the client secret must be sent only to the token endpoint of the metadata.</summary>
    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_in_place_of_tokens(int status)
    {
        _provider.AnswerToken = context =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (status, "/elsewhere");
            return Task.CompletedTask;
        };

        await RefusedAsync(CannotBeUsed);

        Assert.Equal(0, _provider.TokenRequestsElsewhere);
    }

    public static TheoryData<string, string> WrongMetadata { get; } = new()
    {
        { "issuer", "https://other.example.com" },
        { "authorization_endpoint", "http://id.example.com/authorize" },
        { "authorization_endpoint", "javascript:alert(1)" },
        { "authorization_endpoint", "" },
        { "jwks_uri", "http://id.example.com/jwks" },
    };

    [Theory]
    [MemberData(nameof(WrongMetadata))]
    public async Task Metadata_that_does_not_hold(string member, string value)
    {
        _provider = await hosts.StartProviderAsync();
        _provider.AlterMetadata = metadata => metadata[member] = value;

        await NotBegunAsync(_provider.SettingsFor("Example Corp"));
    }

    [Fact]
    public async Task A_token_endpoint_without_https()
    {
        _provider = await hosts.StartProviderAsync();
        _provider.AlterMetadata = metadata => metadata["token_endpoint"] = "http://id.example.com/token";
        await using var fresh = await host.StartTwinAsync(_provider.SettingsFor("Example Corp"));

        await RefusedAsync(DoesNotAnswer, fresh);
    }

    [Fact]
    public async Task A_page_in_place_of_metadata()
    {
        _provider = await hosts.StartProviderAsync();
        _provider.AnswerMetadata = context => context.Response.WriteAsync("<html></html>");

        await NotBegunAsync(_provider.SettingsFor("Example Corp"));
    }

    [Fact]
    public async Task A_certificate_that_does_not_hold_and_nobody_at_all()
    {
        using var certificate = SelfSignedCertificate.New();
        await using var secure = await PlainProvider.StartAsync(host.Clock, certificate);

        await NotBegunAsync(secure.SettingsFor("Example Corp"));
        await NotBegunAsync(_provider.SettingsFor("Example Corp").With(new() { ["IdentityProviders:0:Authority"] = "https://127.0.0.1:9" }));
    }

    private async Task RefusedAsync(string words, AuthHost? at = null)
    {
        await (await new ProviderBrowser(at ?? _twin).SignInAsync()).ExpectProblemAsync(HttpStatusCode.BadRequest, words);
        await NobodyIsMadeAsync();
    }

    private async Task NotBegunAsync(Settings settings)
    {
        await using var trusting = await host.StartTwinAsync(settings);
        await (await new ProviderBrowser(trusting).GetAsync("/auth/startLogin?id=1&service=web")).ExpectProblemAsync(HttpStatusCode.BadRequest, DoesNotAnswer);
    }

    private async Task NobodyIsMadeAsync() =>
        Assert.Equal(0, (await _twin.GetAsync($"/admin/principals?query={_name}", await _twin.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK))
            .GetProperty("itemsInTotal").GetInt32());

    [Collection("sqlite")]
    public sealed class OnSqlite(ProviderHosts<SqliteStore> hosts) : ProviderFaultTests(hosts.Host, hosts), IClassFixture<ProviderHosts<SqliteStore>>
    {
        /// <summary>It lasts as long as the deadline, whatever the store is.</summary>
        [Fact]
        public async Task A_provider_that_hangs_holds_nobody_up()
        {
            _provider.AnswerToken = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
            var refused = RefusedAsync(DoesNotAnswer);
            var silent = await hosts.StartProviderAsync();
            silent.AnswerMetadata = _provider.AnswerToken;
            await using var fresh = await hosts.Host.StartTwinAsync(silent.SettingsFor("Example Corp"));

            var waiting = Enumerable.Range(0, 8).Select(_ => new ProviderBrowser(fresh).GetAsync("/auth/startLogin?id=1&service=web")).ToArray();

            await fresh.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
            foreach (var answer in await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(100)))
                await answer.ExpectProblemAsync(HttpStatusCode.BadRequest, DoesNotAnswer);
            await refused;
        }
    }

    [Collection("postgres")]
    public sealed class OnPostgres(ProviderHosts<PostgresStore> hosts) : ProviderFaultTests(hosts.Host, hosts), IClassFixture<ProviderHosts<PostgresStore>>;
}
