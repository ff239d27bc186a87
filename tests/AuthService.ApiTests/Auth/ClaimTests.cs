using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>The claim endpoint lets a one-time token be used only once, by any service.</summary>
public abstract class ClaimTests(AuthHost host)
{
    [Fact]
    public async Task A_token_of_ours_is_claimed_once()
    {
        var service = await host.NewServiceTokenAsync();
        var session = await host.SignedInPersonAsync();
        var issued = await host.TryRequestOneTimeTokenAsync(session.AccessToken, "files:read").ExpectAsync(HttpStatusCode.OK);

        using var first = await host.TryClaimAsync(service, issued.Text("jti"));
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Equal("", await first.Content.ReadAsStringAsync());

        var refusal = await host.TryClaimAsync(service, issued.Text("jti")).RefusalAsync(HttpStatusCode.Conflict);
        Assert.NotEmpty(refusal.Text!);
    }

    [Fact]
    public async Task What_one_has_claimed_nobody_else_can_claim_by_query_or_by_body()
    {
        var (one, other) = (await host.NewServiceTokenAsync(), await host.NewServiceTokenAsync());
        var (byQuery, byBody) = (NewName("jti"), NewName("jti"));

        await host.TryClaimAsync(one, byQuery).ExpectAsync(HttpStatusCode.NoContent);
        await host.PostAsync("/auth/claim", one, new { jti = byBody }).ExpectAsync(HttpStatusCode.NoContent);

        foreach (var bearer in new[] { one, other, await host.AdminTokenAsync() })
        {
            await host.TryClaimAsync(bearer, byBody).RefusalAsync(HttpStatusCode.Conflict);
            await host.PostAsync("/auth/claim", bearer, new { jti = byQuery }).RefusalAsync(HttpStatusCode.Conflict);
        }
    }

    [Fact]
    public async Task A_jti_may_come_from_elsewhere_and_look_like_anything()
    {
        var service = await host.NewServiceTokenAsync();
        var mark = NewName("");
        foreach (var odd in new[] { "x", new string('x', 237), "'; DROP TABLE claims; --", "%00", "\u0000", "\r\nforged", "\u00E9\uD83D\uDE00", " ", "{0}",
            "../" })
        {
            await host.TryClaimAsync(service, odd + mark).ExpectAsync(HttpStatusCode.NoContent);
            await host.PostAsync("/auth/claim", service, new { jti = odd + mark }).RefusalAsync(HttpStatusCode.Conflict);
        }
    }

    [Fact]
    public async Task Letter_case_and_spaces_count()
    {
        var service = await host.NewServiceTokenAsync();
        var jti = $"jti-{NewName("a")}";

        foreach (var variant in new[] { jti, jti.ToUpperInvariant(), $" {jti}", $"{jti} ", jti.Normalize(NormalizationForm.FormC) + "e\u0301", jti + "\u00E9" })
            await host.TryClaimAsync(service, variant).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_jti_has_1_to_256_characters()
    {
        var service = await host.NewServiceTokenAsync();
        var longest = NewName("jti").PadRight(256, '\u00E9');

        await host.TryClaimAsync(service, "1").ExpectAsync(HttpStatusCode.NoContent);
        await host.TryClaimAsync(service, longest).ExpectAsync(HttpStatusCode.NoContent);
        await host.PostAsync("/auth/claim", service, new { jti = longest }).RefusalAsync(HttpStatusCode.Conflict);
        await host.TryClaimAsync(service, "").RefusalAsync(HttpStatusCode.BadRequest);
        await host.TryClaimAsync(service, $"{longest}x").RefusalAsync(HttpStatusCode.BadRequest);
        await host.PostAsync("/auth/claim", service, new { jti = $"{longest}x" }).RefusalAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("text/plain", "")]
    [InlineData("text/plain", "null")]
    [InlineData("application/json", "null")]
    [InlineData("application/json", "{")]
    [InlineData("application/octet-stream", "x")]
    [InlineData("application/x-www-form-urlencoded", "jti=other")]
    [InlineData("multipart/form-data", "no boundary")]
    public async Task A_stray_body_beside_the_query_is_passed_over(string contentType, string body)
    {
        var service = await host.NewServiceTokenAsync();
        var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        await host.PostAsync($"/auth/claim?jti={NewName("jti")}", service, content).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"jti\"")]
    [InlineData("{\"jti\":null}")]
    [InlineData("{\"jti\":\"\"}")]
    [InlineData("{\"jti\":7}")]
    [InlineData("{\"jti\":[\"a\"]}")]
    [InlineData("{\"jti\":\"a\",\"jti\":\"b\"}")]
    [InlineData("{\"jti\":\"\\ud800\"}")]
    [InlineData("{\"jti\":\"a\"} trailing")]
    [InlineData("{\"jti\":\"a\",\"x\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}")]
    public async Task A_malformed_body_is_refused(string body)
    {
        var service = await host.NewServiceTokenAsync();

        var refusal = await host.PostAsync("/auth/claim", service, new StringContent(body, Encoding.UTF8, "application/json"))
            .RefusalAsync(HttpStatusCode.BadRequest);

        Assert.NotEmpty(refusal.Text!);
    }

    [Fact]
    public async Task Without_a_jti_in_the_query_the_body_must_be_JSON_and_small()
    {
        var service = await host.NewServiceTokenAsync();

        await host.PostAsync("/auth/claim", service).RefusalAsync(HttpStatusCode.BadRequest);
        await host.PostAsync("/auth/claim", service, new StringContent("{\"jti\":\"a\"}", Encoding.UTF8, "text/plain"))
            .RefusalAsync(HttpStatusCode.UnsupportedMediaType);
        await host.PostAsync("/auth/claim", service, new { jti = new string('x', 70_000) }).RefusalAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Unknown_members_are_passed_over()
    {
        var service = await host.NewServiceTokenAsync();

        await host.PostAsync("/auth/claim", service, new { jti = NewName("jti"), more = new[] { 1 } }).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Only_a_service_or_an_administrator_may_claim()
    {
        var jti = NewName("jti");
        var provider = await host.PostAsync("/admin/principals", await host.AdminTokenAsync(), new { id = NewName("#P_"), type = "PROVIDER" })
            .ExpectAsync(HttpStatusCode.Created);
        var person = await host.SignedInPersonAsync();

        await host.TryClaimAsync(person.AccessToken, jti).RefusalAsync(HttpStatusCode.Forbidden);
        await host.TryClaimAsync(await host.RefreshAsync(provider.Text("refreshToken")), jti).RefusalAsync(HttpStatusCode.Forbidden);
        using (var anonymous = await host.PostAsync($"/auth/claim?jti={jti}"))
        {
            await anonymous.ExpectAsync(HttpStatusCode.Unauthorized);
            Assert.NotEmpty(anonymous.Headers.WwwAuthenticate);
        }

        await host.TryClaimAsync(await host.AdminTokenAsync(), jti).ExpectAsync(HttpStatusCode.NoContent);
    }

    /// <summary>An extended token of a service or an administrator has fewer rights, so it may not claim either.</summary>
    [Fact]
    public async Task A_narrowed_token_may_not_claim()
    {
        var caller = await host.NewServiceTokenAsync("_svc");
        var jti = NewName("jti");
        foreach (var wide in new[] { await host.NewServiceTokenAsync(), await host.AdminTokenAsync() })
            await host.TryClaimAsync(await host.ExtendAsync(caller, wide, "files:write"), jti).RefusalAsync(HttpStatusCode.Forbidden);

        await host.TryClaimAsync(caller, jti).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_GET_claims_nothing()
    {
        var service = await host.NewServiceTokenAsync();
        var jti = NewName("jti");

        await host.GetAsync($"/auth/claim?jti={jti}", service).RefusalAsync(HttpStatusCode.MethodNotAllowed);

        await host.TryClaimAsync(service, jti).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ClaimTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ClaimTests(store.Host);
}
