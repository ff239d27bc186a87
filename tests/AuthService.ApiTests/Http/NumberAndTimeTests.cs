using System.Globalization;
using System.Net;
using System.Text;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Http;

/// <summary>Numbers and times are accepted as the JSON and the clocks of other languages write them.</summary>
public abstract class NumberAndTimeTests(AuthHost host)
{
    [Theory]
    [InlineData("60000.0")]
    [InlineData("6e4")]
    [InlineData("600000E-1")]
    [InlineData("60000.000000000000000000")]
    public async Task A_whole_number_may_have_a_point(string number)
    {
        var session = await host.SignedInPersonAsync();

        var extended = await host.PostAsync("/auth/extend", await host.NewServiceTokenAsync("_svc"), Json(
            $$"""{"validJWT":"{{session.AccessToken}}","requestedScopes":["files:read"],"expiresIn":{{number}}}""")).ExpectAsync(HttpStatusCode.OK);

        var claims = Requests.ClaimsOf(extended.Text("accessToken"));
        Assert.Equal(60, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
    }

    [Theory]
    [InlineData("3.0", 3)]
    [InlineData("3e0", 3)]
    [InlineData("-0.0", 0)]
    [InlineData("2147483647.0", int.MaxValue)]
    public async Task So_may_one_inside_a_list(string number, int shown)
    {
        var id = NewName("ada");

        var created = await host.PostAsync(Administration.Root, await host.AdminTokenAsync(), Json(
            $$"""{"id":"{{id}}","services":[{"serviceName":"A","maxConcurrentAccess":{{number}}}]}""")).ExpectAsync(HttpStatusCode.Created);

        Assert.Equal(shown, created.GetProperty("services")[0].GetProperty("maxConcurrentAccess").GetInt32());
    }

    [Theory]
    [InlineData("3.5")]
    [InlineData("2147483648.0")]
    [InlineData("1e99")]
    [InlineData("-1e400")]
    [InlineData("\"3.0\"")]
    [InlineData("true")]
    public async Task What_is_no_whole_number_of_the_range_is_400(string number) => await host.PostAsync(
        Administration.Root,
        await host.AdminTokenAsync(),
        Json($$"""{"id":"{{NewName("ada")}}","services":[{"serviceName":"A","maxConcurrentAccess":{{number}}}]}"""))
        .RefusalAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task An_application_takes_one_too()
    {
        var application = await host.PostAsync(AppTokenCalls.Applications, await host.NewServiceTokenAsync(), Json("""{"name":"n","throttleRate":36e1}"""))
            .ExpectAsync(HttpStatusCode.Created);

        Assert.Equal(360, application.GetProperty("throttleRate").GetInt32());
    }

    /// <summary>Go and Java write nanoseconds, and others write more digits.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(".1")]
    [InlineData(".1234567")]
    [InlineData(".123456789")]
    [InlineData(".1234567890123456789012345")]
    public async Task A_time_may_have_any_number_of_fractional_digits(string fraction)
    {
        var (person, admin) = (await host.CreatePersonAsync(), await host.AdminTokenAsync());
        var now = host.Clock.GetUtcNow();
        var (before, after) = (Text(now.AddMinutes(-5)), Text(now.AddMinutes(5)));

        Assert.NotEmpty(await host.AuditAsync(admin, $"?principal={person.Id}&from={before}{fraction}Z&to={after}{fraction}%2B00:00"));
        Assert.Empty(await host.AuditAsync(admin, $"?principal={person.Id}&from={after}{fraction}Z"));
    }

    [Theory]
    [InlineData(".12345678x")]
    [InlineData(".1234567.8")]
    public async Task What_is_no_time_is_400(string fraction) =>
        await host.TryAuditAsync(await host.AdminTokenAsync(), $"?from=2026-11-22T05:42:43{fraction}Z").RefusalAsync(HttpStatusCode.BadRequest);

    private static string Text(DateTimeOffset moment) => moment.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : NumberAndTimeTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : NumberAndTimeTests(store.Host);
}
