using System.Net;
using System.Text;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.OAuth;

/// <summary>Introspection and revocation accept only services and administrators with an unextended token, and only a form.</summary>
public abstract class OAuthAccessTests(AuthHost host)
{
    public static TheoryData<string> Routes { get; } = new() { OAuthCalls.Introspect, OAuthCalls.Revoke };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Others_are_refused_and_nothing_happens_to_the_token(string path)
    {
        var (victim, admin) = (await host.SignedInPersonAsync(), await host.AdminTokenAsync());
        var service = await host.CreateServiceAsync();
        var narrowed = await host.ExtendAsync(await host.NewServiceTokenAsync("_svc"), admin, "files:write");
        var provider = await host.RefreshAsync((await host.PostAsync("/admin/principals", admin, new { id = NewName("#P_oauth"), type = "PROVIDER" })
            .ExpectAsync(HttpStatusCode.Created)).Text("refreshToken"));
        var once = await host.OneTimeTokenAsync(await host.ServiceTokenAsync(service.RefreshToken), "all:write");
        HttpContent Form() => new FormUrlEncodedContent([new("token", victim.RefreshToken)]);

        foreach (var bearer in new[] { victim.AccessToken, narrowed, provider })
            await host.PostAsync(path, bearer, Form()).OAuthErrorAsync(HttpStatusCode.Forbidden, "unauthorized_client");
        foreach (var bearer in new[] { null, "x", once, service.RefreshToken, victim.RefreshToken })
            await host.PostAsync(path, bearer, Form()).OAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");

        await host.RefreshAsync(victim.RefreshToken);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_service_and_an_administrator_are_answered(string path)
    {
        foreach (var bearer in new[] { await host.NewServiceTokenAsync(), await host.AdminTokenAsync() })
        {
            using var response = await host.PostAsync(path, bearer, new FormUrlEncodedContent([new("token", "x")]));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.True(response.Headers.CacheControl is { NoStore: true });
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task What_is_no_form_with_one_token_is_refused(string path)
    {
        var service = await host.NewServiceTokenAsync();
        Task<HttpResponseMessage> Send(string body, string? contentType = "application/x-www-form-urlencoded") =>
            host.PostAsync(path, service, AuthCalls.Raw(Encoding.UTF8.GetBytes(body), contentType));

        foreach (var body in new[] { "", "token=", "token_type_hint=access_token", "token=x&token=y", "token=x&token_type_hint=a&token_type_hint=b" })
            await Send(body).OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await Send("token=x", contentType: null).OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await Send("{\"token\":\"x\"}", "application/json").OAuthErrorAsync(HttpStatusCode.UnsupportedMediaType, "invalid_request");
        await Send("token=x", "text/plain").OAuthErrorAsync(HttpStatusCode.UnsupportedMediaType, "invalid_request");
        await Send($"token={new string('x', 70_000)}").OAuthErrorAsync(HttpStatusCode.RequestEntityTooLarge, "invalid_request");
        await host.PostAsync($"{path}?token=x", service).OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await host.GetAsync($"{path}?token=x", service).OAuthErrorAsync(HttpStatusCode.MethodNotAllowed, "invalid_request");
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : OAuthAccessTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : OAuthAccessTests(store.Host);
}
