using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>Other services accept a one-time token once in all.</summary>
public abstract class ClaimedBeforeUseTests(AuthHost host)
{
    private const string Claim = "/auth/claim";
    private const string Page = "/maintenance";

    [Fact]
    public async Task A_one_time_token_is_taken_once_and_refused_the_second_time()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var token = await host.OneTimeTokenAsync((await host.SignedInPersonAsync()).AccessToken, "files.upload:write");

        var seen = await files.SeeAsync(token);

        Assert.Equal(Requests.ClaimsOf(token).Text("jti"), seen.Jti);
        Assert.Equal(["files.upload:write"], seen.Scopes);
        await files.RefuseAsync(token);
        Assert.Equal(2, files.Gateway.CallsOf(Claim));
    }

    [Fact]
    public async Task Of_many_requests_at_two_services_one_gets_through()
    {
        await using var one = await FileService.StartAsync(host, await host.CreateServiceAsync());
        await using var other = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var token = await host.OneTimeTokenAsync(await host.AdminTokenAsync());

        var statuses = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => StatusAsync(i % 2 == 0 ? one : other, token)));

        Assert.Equal(1, statuses.Count(status => status is HttpStatusCode.OK));
        Assert.Equal(29, statuses.Count(status => status is HttpStatusCode.Unauthorized));
        Assert.Equal(1, one.Handled + other.Handled);
    }

    [Fact]
    public async Task It_is_claimed_once_for_a_request_that_is_authenticated_again()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var token = await host.OneTimeTokenAsync(await host.AdminTokenAsync());

        using var response = await files.GetAsync("/again", token);

        Assert.Equal(AuthHost.AdminId, await response.Content.ReadAsStringAsync());
        Assert.Equal(1, files.Gateway.CallsOf(Claim));
    }

    [Fact]
    public async Task A_token_that_does_not_hold_is_not_used_up()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var token = await host.OneTimeTokenAsync(await host.AdminTokenAsync());
        using var frozen = host.Clock.Freeze();
        await files.SeeAsync(await host.AdminTokenAsync());

        await files.RefuseAsync(token[..^4] + "AAAA");
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await files.RefuseAsync(token);

        Assert.Equal(0, files.Gateway.CallsOf(Claim));
        await host.TryClaimAsync(await host.NewServiceTokenAsync(), Requests.ClaimsOf(token).Text("jti")).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_claim_without_an_answer_is_503_and_the_handler_does_not_run()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var admin = await host.AdminTokenAsync();
        var token = await host.OneTimeTokenAsync(admin);
        await files.SeeAsync(admin);
        files.Gateway.IsDown = true;

        using (var response = await files.GetAsync("/me", token))
        {
            await response.ExpectAsync(HttpStatusCode.ServiceUnavailable);
            Assert.NotNull(response.Headers.RetryAfter);
        }

        Assert.Equal(1, files.Handled);
        files.Gateway.IsDown = false;
        await files.SeeAsync(token);
    }

    /// <summary>A proxy answers so in maintenance, or before its own sign-in.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_claim_that_a_page_answers_is_503_every_time_and_the_handler_does_not_run(bool redirects)
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var admin = await host.AdminTokenAsync();
        var token = await host.OneTimeTokenAsync(admin);
        await files.SeeAsync(admin);
        files.Gateway.First = context => AnswerWithPageAsync(context, redirects);

        await files.ExpectAsync(HttpStatusCode.ServiceUnavailable, "/me", token);
        await files.ExpectAsync(HttpStatusCode.ServiceUnavailable, "/me", token);

        Assert.Equal((2, 0, 1), (files.Gateway.CallsOf(Claim), files.Gateway.CallsOf(Page), files.Handled));
        files.Gateway.First = _ => Task.FromResult(false);
        await files.SeeAsync(token);
    }

    [Fact]
    public async Task A_service_without_an_account_takes_none()
    {
        await using var files = await FileService.StartAsync(host);
        var admin = await host.AdminTokenAsync();

        await files.RefuseAsync(await host.OneTimeTokenAsync(admin));

        await files.SeeAsync(admin);
    }

    /// <summary>The service does not get its own token either, because nothing needs it.</summary>
    [Fact]
    public async Task Other_tokens_are_not_claimed()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());

        await files.SeeAsync(await host.AdminTokenAsync());

        Assert.Equal((0, 0), (files.Gateway.CallsOf(Claim), files.Gateway.CallsOf("/auth/refresh")));
    }

    private static async Task<bool> AnswerWithPageAsync(HttpContext context, bool redirects)
    {
        if (context.Request.Path != Claim && context.Request.Path != Page)
            return false;
        if (redirects && context.Request.Path == Claim)
            context.Response.Redirect(Page);
        else
            await context.Response.WriteAsync("<!DOCTYPE html>");
        return true;
    }

    private static async Task<HttpStatusCode> StatusAsync(FileService files, string token)
    {
        using var response = await files.GetAsync("/me", token);
        return response.StatusCode;
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ClaimedBeforeUseTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ClaimedBeforeUseTests(store.Host);
}
