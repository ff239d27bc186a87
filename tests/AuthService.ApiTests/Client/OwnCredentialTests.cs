using System.Net;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using AuthService.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Client;

/// <summary>A service calls AuthService as itself. Its access token is renewed before it expires, and calls survive short outages.</summary>
public abstract class OwnCredentialTests(AuthHost host)
{
    private const string Refresh = "/auth/refresh";

    [Fact]
    public async Task The_token_is_got_once_by_many_calls_and_renewed_ahead_of_its_end()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        using var frozen = host.Clock.Freeze();

        await ClaimManyAsync(files);
        Assert.Equal(1, files.Gateway.CallsOf(Refresh));
        host.Clock.Advance(TimeSpan.FromMinutes(8.9));
        await ClaimManyAsync(files);
        Assert.Equal(1, files.Gateway.CallsOf(Refresh));

        host.Clock.Advance(TimeSpan.FromMinutes(0.2));
        await ClaimManyAsync(files);
        Assert.Equal(2, files.Gateway.CallsOf(Refresh));
        host.Clock.Advance(TimeSpan.FromHours(1));
        await ClaimManyAsync(files);
        Assert.Equal(3, files.Gateway.CallsOf(Refresh));
    }

    [Fact]
    public async Task A_token_that_still_lives_is_used_while_it_cannot_be_renewed()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        using var frozen = host.Clock.Freeze();
        await ClaimAsync(files);
        host.Clock.Advance(TimeSpan.FromMinutes(9.5));

        files.Gateway.RefuseNext();

        await ClaimAsync(files);
        Assert.Equal(2, files.Gateway.CallsOf(Refresh));
    }

    [Fact]
    public async Task A_token_that_still_lives_is_used_when_its_renewal_gets_no_answer()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        using var frozen = host.Clock.Freeze();
        await ClaimAsync(files);
        host.Clock.Advance(TimeSpan.FromMinutes(9.2));

        files.Gateway.First = Gateway.Hang(Refresh);

        await ClaimAsync(files);
        Assert.Equal(2, files.Gateway.CallsOf(Refresh));
    }

    [Fact]
    public async Task A_call_ends_when_its_caller_gives_up_and_takes_nothing_from_the_next()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        files.Gateway.First = Gateway.Hang(Refresh);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => files.Auth.ClaimAsync(NewName("jti"), impatient.Token));

        files.Gateway.First = _ => Task.FromResult(false);
        await ClaimAsync(files);
    }

    /// <summary>Two calls wait for a new token, a third call is refused with the old one, and the first renewal fails.</summary>
    [Fact]
    public async Task A_token_that_is_refused_while_calls_wait_for_the_next_one_is_no_trouble()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        await ClaimAsync(files);
        var (claimed, renewed) = (new HeldAnswer("/auth/claim", HttpStatusCode.Unauthorized), new HeldAnswer(Refresh, HttpStatusCode.ServiceUnavailable));
        files.Gateway.First = claimed.AnswerAsync;
        var refused = files.Auth.ClaimAsync(NewName("jti"));
        await claimed.Asked;
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        files.Gateway.First = renewed.AnswerAsync;
        var first = files.Auth.ClaimAsync(NewName("jti"));
        await renewed.Asked;
        var second = files.Auth.ClaimAsync(NewName("jti"));

        claimed.Release();
        await Task.Delay(TimeSpan.FromMilliseconds(300)); // until the third one waits too
        renewed.Release();

        await Assert.ThrowsAsync<AuthServiceException>(() => first);
        Assert.True(await second && await refused);
        Assert.Equal(3, files.Gateway.CallsOf(Refresh));
    }

    [Fact]
    public async Task A_token_that_is_refused_before_its_end_is_renewed_and_the_call_made_again()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        await ClaimAsync(files);
        await host.RevokeAsync(await host.AdminTokenAsync(), files.Gateway.LastBearer).ExpectAsync(HttpStatusCode.OK);
        host.Clock.Advance(TimeSpan.FromSeconds(10));

        await ClaimAsync(files);

        Assert.Equal(2, files.Gateway.CallsOf(Refresh));
    }

    [Fact]
    public async Task A_credential_that_is_refused_is_said_in_so_many_words()
    {
        var account = await host.CreateServiceAsync();
        await using var files = await FileService.StartAsync(host, account);
        await host.CreateServiceAsync(account.Id);

        var refusal = await Assert.ThrowsAsync<AuthServiceException>(() => files.Auth.ClaimAsync(NewName("jti")));

        Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_TOKEN"), (refusal.StatusCode, refusal.Code));
        Assert.Equal("AuthService answered 401: The refresh token is not valid", refusal.Message);
        Assert.NotEmpty(refusal.TraceId!);
        Assert.DoesNotContain(account.RefreshToken, refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"accessToken":null}""")]
    [InlineData("""{"accessToken":"x"}""")]
    [InlineData("""{"accessToken":"e30.e30.x"}""")]
    [InlineData("""{"accessToken":"e30.eyJleHAiOiJ4IiwiaWF0IjoxfQ.x"}""")] // {"exp":"x","iat":1}
    public async Task A_renewal_that_something_else_answers_is_none(string answer)
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        using var frozen = host.Clock.Freeze();
        async Task<bool> AnswerAsync(HttpContext context)
        {
            if (context.Request.Path == Refresh)
                await context.Response.WriteAsync(answer);
            return context.Request.Path == Refresh;
        }

        files.Gateway.First = AnswerAsync;
        await Assert.ThrowsAsync<HttpRequestException>(() => files.Auth.ClaimAsync(NewName("jti")));
        files.Gateway.First = _ => Task.FromResult(false);
        await ClaimAsync(files);

        host.Clock.Advance(TimeSpan.FromMinutes(9.5));
        files.Gateway.First = AnswerAsync;
        await ClaimAsync(files);
    }

    [Fact]
    public async Task A_call_that_is_503_with_Retry_After_is_made_again()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        foreach (var seconds in new[] { 0, 0, 1 })
            files.Gateway.RefuseNext(seconds);

        await ClaimAsync(files);

        Assert.Equal((4, 1), (files.Gateway.CallsOf(Refresh), files.Gateway.CallsOf("/auth/claim")));
    }

    [Fact]
    public async Task After_three_times_or_without_a_time_or_with_too_long_a_one_it_is_an_error()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        await ClaimAsync(files);

        foreach (var (refusals, retryAfter, calls) in new (int, int?, int)[] { (4, 0, 4), (1, null, 1), (1, 11, 1) })
        {
            var before = files.Gateway.CallsOf("/auth/claim");
            for (var i = 0; i < refusals; i++)
                files.Gateway.RefuseNext(retryAfter);
            var refusal = await Assert.ThrowsAsync<AuthServiceException>(() => files.Auth.ClaimAsync(NewName("jti")));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, retryAfter), (refusal.StatusCode, (int?)refusal.RetryAfter?.TotalSeconds));
            Assert.Equal(calls, files.Gateway.CallsOf("/auth/claim") - before);
        }

        await ClaimAsync(files);
    }

    [Fact]
    public async Task An_api_key_does_as_well()
    {
        var key = (await host.NewApiKeyAsync()).Key;
        await using var files = await FileService.StartAsync(host, client: options => options.ApiKey = key);

        await ClaimAsync(files);

        Assert.Equal(0, files.Gateway.CallsOf(Refresh));
    }

    [Theory]
    [InlineData(null, null, "Either RefreshToken or ApiKey")]
    [InlineData("rt_x", "sk_x", "Either RefreshToken or ApiKey")]
    [InlineData(null, "rt_x", "ApiKey")]
    [InlineData(null, "sk_x\n", "ApiKey")]
    [InlineData("sk_x", null, "RefreshToken")]
    [InlineData("rt_", null, "RefreshToken")]
    [InlineData("rt_x", null, "RequireHttps", "http://auth.example.com")]
    [InlineData("rt_x", null, "Address", "auth.example.com")]
    public async Task Options_that_make_no_sense_stop_the_start(string? refreshToken, string? apiKey, string named, string address = "https://auth.example.com")
    {
        var start = FileService.StartAsync(host, client: options => (options.Address, options.RefreshToken, options.ApiKey) =
            (new Uri(address, UriKind.RelativeOrAbsolute), refreshToken, apiKey));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => start);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private static async Task ClaimAsync(FileService files) => Assert.True(await files.Auth.ClaimAsync(NewName("jti")));

    private static Task ClaimManyAsync(FileService files) => Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ClaimAsync(files)));

    /// <summary>A <see cref="Gateway.First"/> that holds the first call of a path until the test releases it.</summary>
    private sealed class HeldAnswer(string path, HttpStatusCode status)
    {
        private readonly TaskCompletionSource _asked = new(), _released = new();

        public Task Asked => _asked.Task;

        public void Release() => _released.SetResult();

        public async Task<bool> AnswerAsync(HttpContext context)
        {
            if (context.Request.Path != path || !_asked.TrySetResult())
                return false;
            await _released.Task;
            context.Response.StatusCode = (int)status;
            return true;
        }
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : OwnCredentialTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : OwnCredentialTests(store.Host);
}
