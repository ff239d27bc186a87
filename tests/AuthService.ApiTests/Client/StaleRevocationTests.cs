using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>The answers of another service by the knowledge from the feed, and without it. The test plays the feed.</summary>
public abstract class StaleRevocationTests(AuthHost host)
{
    private const string Feed = "/revocations";
    private const string Introspect = "/oauth/introspect";

    [Fact]
    public async Task A_revoked_token_is_401_as_an_expired_one()
    {
        var person = await host.SignedInPersonAsync();
        await using var files = await StartAsync(Says(SessionOf(person)));
        await Eventually.TrueAsync(() => files.Revocations.Entries == 1);

        using var response = await files.GetAsync("/me", person.AccessToken);

        await response.ExpectAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("Bearer error=\"invalid_token\"", Assert.Single(response.Headers.WwwAuthenticate).ToString());
        Assert.Equal(0, files.Handled);
        await files.SeeAsync(await host.AdminTokenAsync());
        Assert.Equal(0, files.Gateway.CallsOf(Introspect));
    }

    [Fact]
    public async Task A_revoked_one_time_token_is_not_claimed()
    {
        var person = await host.SignedInPersonAsync();
        var token = await host.OneTimeTokenAsync(person.AccessToken);
        await using var files = await StartAsync(Says(SessionOf(person)));
        await Eventually.TrueAsync(() => files.Revocations.Entries == 1);

        await files.RefuseAsync(token);

        Assert.Equal(0, files.Gateway.CallsOf("/auth/claim"));
        await host.TryClaimAsync(await host.NewServiceTokenAsync(), Requests.ClaimsOf(token).Text("jti")).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Refuse_answers_503_until_the_first_answer_and_when_the_last_is_too_old()
    {
        var state = new FeedState { IsAway = true };
        await using var files = await StartAsync(state.AnswerAsync, WhenStale.Refuse);
        var token = await host.AdminTokenAsync();
        await ExpectUncheckedAsync(files, token);
        await files.ExpectAsync(HttpStatusCode.ServiceUnavailable, "/health", token: null);

        state.IsAway = false;
        await Eventually.TrueAsync(() => !files.Revocations.IsStale);
        await files.SeeAsync(token);
        await files.ExpectAsync(HttpStatusCode.OK, "/health", token: null);

        await GrowStaleAsync(files, state);
        await ExpectUncheckedAsync(files, await host.NewAdminTokenAsync());
        Assert.Equal(0, files.Gateway.CallsOf(Introspect));
    }

    [Fact]
    public async Task Allow_goes_on_with_knowledge_that_is_too_old_and_refuses_what_it_knows()
    {
        var (state, person) = (new FeedState(), await host.SignedInPersonAsync());
        state.Entries.Enqueue(SessionOf(person));
        await using var files = await StartAsync(state.AnswerAsync, WhenStale.Allow);
        await Eventually.TrueAsync(() => files.Revocations.Entries == 1);

        await GrowStaleAsync(files, state);

        await files.SeeAsync(await host.NewAdminTokenAsync());
        await files.RefuseAsync(person.AccessToken);
        Assert.Equal(0, files.Gateway.CallsOf(Introspect));
    }

    [Fact]
    public async Task Ask_is_told_by_introspection_while_the_feed_is_away()
    {
        var (state, person) = (new FeedState { IsAway = true }, await host.SignedInPersonAsync());
        await using var files = await StartAsync(state.AnswerAsync, WhenStale.Ask);
        await files.SeeAsync(person.AccessToken);
        Assert.Equal(1, files.Gateway.CallsOf(Introspect));

        await files.Auth.InvalidateAsync([person.RefreshToken]);
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        await files.RefuseAsync(person.AccessToken);
        Assert.Equal(2, files.Gateway.CallsOf(Introspect));
    }

    [Fact]
    public async Task Ask_is_503_when_nobody_answers()
    {
        var state = new FeedState { IsAway = true };
        await using var files = await StartAsync(state.AnswerAsync, WhenStale.Ask);
        var (first, second) = (await host.NewAdminTokenAsync(), await host.NewAdminTokenAsync());
        await files.SeeAsync(first);

        files.Gateway.IsDown = true;

        await ExpectUncheckedAsync(files, second);
    }

    [Fact]
    public async Task A_one_time_token_is_asked_about_once_for_a_request_and_claimed_after_that()
    {
        var state = new FeedState { IsAway = true };
        await using var files = await StartAsync(state.AnswerAsync, WhenStale.Ask);
        var token = await host.OneTimeTokenAsync(await host.AdminTokenAsync());

        using var response = await files.GetAsync("/again", token);

        Assert.Equal(AuthHost.AdminId, await response.Content.ReadAsStringAsync());
        Assert.Equal((1, 1), (files.Gateway.CallsOf(Introspect), files.Gateway.CallsOf("/auth/claim")));
    }

    [Fact]
    public async Task Without_a_client_the_service_does_not_start()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => FileService.StartAsync(host, bearer: options => options.Revocation = new()));

        Assert.Contains("AddAuthServiceClient", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_option_nothing_is_read()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());

        await files.SeeAsync(await host.AdminTokenAsync());

        Assert.Equal(0, files.Gateway.CallsOf(Feed));
        Assert.True(files.Revocations is { IsStale: true, Age: null, Entries: 0 });
    }

    private async Task<FileService> StartAsync(Func<HttpContext, Task<bool>> feed, WhenStale whenStale = WhenStale.Ask) => await FileService.StartAsync(
        host,
        await host.CreateServiceAsync(),
        bearer: options => options.Revocation = new() { WhenStale = whenStale, Wait = TimeSpan.FromSeconds(1) },
        first: feed);

    private async Task GrowStaleAsync(FileService files, FeedState state)
    {
        state.IsAway = true;
        var calls = files.Gateway.CallsOf(Feed);
        await Eventually.TrueAsync(() => files.Gateway.CallsOf(Feed) > calls + 1); // no poll that began before is still open
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(files.Revocations.IsStale);
    }

    private static async Task ExpectUncheckedAsync(FileService files, string token)
    {
        var before = files.Handled;
        using var response = await files.GetAsync("/me", token);
        await response.ExpectAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Equal(before, files.Handled);
    }

    private static Func<HttpContext, Task<bool>> Says(string entry)
    {
        var state = new FeedState();
        state.Entries.Enqueue(entry);
        return state.AnswerAsync;
    }

    private static string SessionOf(SignedIn person) => $$"""{"sid":"{{person.SessionId}}","until":99999999999}""";

    /// <summary>A feed for <see cref="Gateway.First"/>.</summary>
    private sealed class FeedState
    {
        public volatile bool IsAway;

        public ConcurrentQueue<string> Entries { get; } = new();

        public async Task<bool> AnswerAsync(HttpContext context)
        {
            if (context.Request.Path != Feed)
                return false;
            if (IsAway)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return true;
            }

            var entries = context.Request.Query.ContainsKey("after") ? "" : string.Join(',', Entries);
            await context.Response.WriteAsync(string.Create(
                CultureInfo.InvariantCulture, $$"""{"cursor":"1","now":{{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}},"revoked":[{{entries}}]}"""));
            return true;
        }
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : StaleRevocationTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : StaleRevocationTests(store.Host);
}
