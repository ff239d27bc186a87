using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>
/// The claims of every kind of access token (src/AuthService/README.md#access-tokens). Other services read them: a change here
/// changes the contract.
/// </summary>
public abstract class AccessTokenClaimsTests(AuthHost host)
{
    private static readonly JsonObject Facts = new()
    {
        ["firstNames"] = "Ada",
        ["lastName"] = "Lovelace",
        ["email"] = "ada@example.com",
        ["orgId"] = "analytical.example",
    };

    [Fact]
    public async Task Of_a_person()
    {
        var session = await host.SignedInPersonAsync(facts: Facts.DeepClone().AsObject());

        AssertClaims(session.AccessToken, 600, $$"""
            amr=["pwd"]
            aud=["all:write"]
            auth_time={{AuthTimeOf(session)}}
            email="ada@example.com"
            extendedByChain=[]
            firstNames="Ada"
            iss="http://localhost"
            lastName="Lovelace"
            orgId="analytical.example"
            principalType="password"
            publicSessionReference="{{session.SessionId}}"
            role="USER"
            serviceLicenseAgreement=true
            sid="{{session.SessionId}}"
            sub="{{SubjectOf(session.AccessToken)}}"
            twoFactorAuthentication=true
            """);
    }

    [Fact]
    public async Task Of_a_person_of_whom_nothing_is_known()
    {
        var session = await host.SignedInPersonAsync(facts: new() { ["role"] = "ADMIN", ["agreement"] = new JsonObject { ["state"] = "REQUESTED" } });

        AssertClaims(session.AccessToken, 600, $$"""
            amr=["pwd"]
            aud=["all:write"]
            auth_time={{AuthTimeOf(session)}}
            extendedByChain=[]
            iss="http://localhost"
            principalType="password"
            publicSessionReference="{{session.SessionId}}"
            role="ADMIN"
            serviceLicenseAgreement=false
            sid="{{session.SessionId}}"
            sub="{{SubjectOf(session.AccessToken)}}"
            twoFactorAuthentication=true
            """);
    }

    /// <summary>Only this service reads the stamp. It refuses tokens without a session that were issued before their credential was renewed.</summary>
    [Theory]
    [InlineData("_claims-", "SERVICE", "service")]
    [InlineData("#P_claims-", "PROVIDER", "provider")]
    public async Task Of_a_service_or_provider(string prefix, string type, string principalType)
    {
        var id = NewName(prefix);
        var created = await host.PostAsync("/admin/principals", await host.AdminTokenAsync(), new { id, type }).ExpectAsync(HttpStatusCode.Created);

        AssertClaims(await host.RefreshAsync(created.Text("refreshToken")), 600, $$"""
            aud=["all:write"]
            extendedByChain=[]
            iss="http://localhost"
            principalType="{{principalType}}"
            role="{{type}}"
            securityStamp=0
            sub="{{id}}"
            """);
    }

    [Fact]
    public async Task Extended_and_used_once()
    {
        var session = await host.SignedInPersonAsync();
        var extended = await host.ExtendAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, "files:write");
        var once = await host.OneTimeTokenAsync(extended, "files:read");
        var common = $$"""
            auth_time={{AuthTimeOf(session)}}
            extendedBy="_svc"
            extendedByChain=["_svc"]
            iss="http://localhost"
            {0}principalType="password"
            publicSessionReference="{{session.SessionId}}"
            role="USER"
            serviceLicenseAgreement=true
            sid="{{session.SessionId}}"
            sub="{{SubjectOf(session.AccessToken)}}"
            twoFactorAuthentication=true
            """;

        AssertClaims(extended, 60, $"amr=[\"pwd\"]\naud=[\"files:write\"]\n{common.Replace("{0}", "", StringComparison.Ordinal)}");
        var jti = Requests.ClaimsOf(once).Text("jti");
        AssertClaims(once, 30, $"amr=[\"pwd\"]\naud=[\"files:read\"]\n{common.Replace("{0}", $"jti=\"{jti}\"\n", StringComparison.Ordinal)}");
    }

    /// <summary>Only persons have names in their tokens. A service has none, even if an administrator stored names for it.</summary>
    [Fact]
    public async Task Names_are_claims_of_persons_only()
    {
        var service = Facts.DeepClone().AsObject();
        (service["id"], service["type"]) = (NewName("_named"), "SERVICE");
        var created = await host.PostAsync("/admin/principals", await host.AdminTokenAsync(), service).ExpectAsync(HttpStatusCode.Created);

        var claims = Requests.ClaimsOf(await host.RefreshAsync(created.Text("refreshToken")));

        var names = claims.EnumerateObject().Select(claim => claim.Name);
        Assert.Equal([], names.Intersect(Facts.Select(fact => fact.Key), StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_header_names_type_algorithm_and_key()
    {
        var header = Requests.HeaderOf(await host.NewAdminTokenAsync());

        Assert.Equal("""{"alg":"ES256","kid":"test-es256","typ":"at+jwt"}""", Sorted(header));
    }

    /// <summary>
    /// A verifier of access tokens checks the type and so refuses one-time tokens, which it could not limit to one use (RFC 8725, section
    /// 3.11).
    /// </summary>
    [Fact]
    public async Task The_header_of_a_one_time_token_names_another_type()
    {
        var header = Requests.HeaderOf(await host.OneTimeTokenAsync(await host.AdminTokenAsync(), "files:read"));

        Assert.Equal("""{"alg":"ES256","kid":"test-es256","typ":"one-time+jwt"}""", Sorted(header));
    }

    [Fact]
    public async Task Names_and_agreement_are_read_anew_at_each_refresh()
    {
        var person = await host.CreatePersonAsync(Facts.DeepClone().AsObject());
        var session = await host.LoginAsync(person);

        await host.PatchAsync($"/admin/principals/{person.Id}", await host.AdminTokenAsync(), new
        {
            firstNames = "Augusta",
            lastName = (string?)null,
            email = "augusta@example.com",
            agreement = new { state = "REQUESTED" },
        }).ExpectAsync(HttpStatusCode.OK);

        var claims = Requests.ClaimsOf(await host.RefreshAsync(session.RefreshToken));
        Assert.Equal(
            ("Augusta", "augusta@example.com", false),
            (claims.Text("firstNames"), claims.Text("email"), claims.GetProperty("serviceLicenseAgreement").GetBoolean()));
        Assert.False(claims.TryGetProperty("lastName", out _));
        Assert.Equal(session.SessionId, claims.Text("sid"));
    }

    /// <summary>A role change revokes the sessions, so that the old right is gone at once. The next sign-in has the new role.</summary>
    [Fact]
    public async Task A_role_that_was_taken_away_is_gone()
    {
        var person = await host.CreatePersonAsync(new() { ["role"] = "ADMIN" });
        var session = await host.LoginAsync(person);
        await host.GetAsync("/admin/principals", session.AccessToken).ExpectAsync(HttpStatusCode.OK);

        await host.PatchAsync($"/admin/principals/{person.Id}", await host.AdminTokenAsync(), new { role = "USER" }).ExpectAsync(HttpStatusCode.OK);

        await host.GetAsync("/admin/principals", session.AccessToken).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.TryRefreshAsync(session.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        var again = await host.LoginAsync(person);
        Assert.Equal("USER", Requests.ClaimsOf(again.AccessToken).Text("role"));
        await host.GetAsync("/admin/principals", again.AccessToken).RefusalAsync(HttpStatusCode.Forbidden);
    }

    private static string SubjectOf(string token) => Requests.ClaimsOf(token).Text("sub");

    /// <summary>Returns the claim <c>auth_time</c>, which the test cannot know in advance.</summary>
    private static long AuthTimeOf(SignedIn session)
    {
        var claims = Requests.ClaimsOf(session.AccessToken);
        var (issuedAt, authTime) = (claims.GetProperty("iat").GetInt64(), claims.GetProperty("auth_time").GetInt64());
        Assert.InRange(issuedAt - authTime, 0, 60); // the session is stored before the token is issued
        return authTime;
    }

    private static void AssertClaims(string token, long lifetime, string expected)
    {
        var claims = Requests.ClaimsOf(token);
        var lines = claims.EnumerateObject().Where(claim => claim.Name is not ("iat" or "exp")).Select(claim => $"{claim.Name}={claim.Value.GetRawText()}");

        Assert.Equal(expected.ReplaceLineEndings("\n"), string.Join('\n', lines.Order(StringComparer.Ordinal)));
        Assert.Equal(lifetime, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
    }

    private static string Sorted(JsonElement json)
    {
        var members = json.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal);
        return $"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":\"{member.Value}\""))}}}";
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : AccessTokenClaimsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : AccessTokenClaimsTests(store.Host);
}
