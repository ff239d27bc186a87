using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.OAuth;
using AuthService.ApiTests.Sessions;
using AuthService.Client;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>Another service refuses revoked tokens offline, by the feed of an instance.</summary>
public abstract class RevokedTokenTests(AuthHost host)
{
    /// <summary>Far more time than a revocation takes, and far less than the lifetime of a token.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_session_that_is_signed_out_is_refused_within_seconds_and_no_other_is()
    {
        await using var files = await StartAsync();
        var (person, other) = (await host.SignedInPersonAsync(), await host.SignedInPersonAsync());
        var (extended, oneTime) = (await host.NarrowAsync(person.AccessToken), await host.OneTimeTokenAsync(person.AccessToken));
        await files.SeeAsync(person.AccessToken);

        await files.Auth.InvalidateAsync([person.RefreshToken]);

        await RefusedSoonAsync(files, person.AccessToken);
        await files.RefuseAsync(extended);
        await files.RefuseAsync(oneTime);
        await files.SeeAsync(other.AccessToken);
        Assert.Equal(0, files.Gateway.CallsOf("/auth/claim"));
    }

    [Fact]
    public async Task A_service_that_starts_later_knows_what_was_revoked_before()
    {
        var person = await host.SignedInPersonAsync();
        await host.PostAsync("/auth/logout", person.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await using var files = await StartAsync();

        await RefusedSoonAsync(files, person.AccessToken);
    }

    [Fact]
    public async Task An_extended_and_a_one_time_token_are_refused_alone()
    {
        await using var files = await StartAsync();
        var (person, service) = (await host.SignedInPersonAsync(), await host.NewServiceTokenAsync("_svc"));
        var (extended, oneTime) = (await host.ExtendAsync(service, person.AccessToken, "files:write"), await host.OneTimeTokenAsync(person.AccessToken));
        var another = await host.ExtendAsync(service, person.AccessToken, "files:write");
        await files.SeeAsync(extended);

        await host.RevokeAsync(service, oneTime).ExpectAsync(HttpStatusCode.OK);
        await host.RevokeAsync(service, extended).ExpectAsync(HttpStatusCode.OK);

        await RefusedSoonAsync(files, extended);
        await files.RefuseAsync(oneTime); // the feed keeps the order
        Assert.Equal(0, files.Gateway.CallsOf("/auth/claim"));
        await files.SeeAsync(another);
        await files.SeeAsync(person.AccessToken);
    }

    [Fact]
    public async Task A_service_s_tokens_are_refused_when_its_refresh_token_is_replaced()
    {
        await using var files = await StartAsync();
        var account = await host.CreateServiceAsync();
        var (old, other) = (await host.RefreshAsync(account.RefreshToken), await host.NewServiceTokenAsync());
        await files.SeeAsync(old);

        var renewed = await host.CreateServiceAsync(account.Id);

        await RefusedSoonAsync(files, old);
        await files.SeeAsync(await host.RefreshAsync(renewed.RefreshToken));
        await files.SeeAsync(other);
    }

    [Fact]
    public async Task An_api_key_s_tokens_are_refused_when_it_is_revoked()
    {
        await using var files = await StartAsync();
        var (key, other) = (await host.NewApiKeyAsync(), await host.NewOAuthClientAsync());
        var token = (await host.ClientTokenAsync(new OAuthClient(key.Owner, key.Key))).Text("access_token");
        var kept = (await host.ClientTokenAsync(other)).Text("access_token");
        await files.SeeAsync(token);

        await host.RevokeAsync(key);

        await RefusedSoonAsync(files, token);
        await files.SeeAsync(kept);
    }

    [Fact]
    public async Task An_impersonation_that_is_reverted_is_refused_and_its_session_goes_on()
    {
        await using var files = await StartAsync();
        var (admin, session) = await host.ImpersonatorAsync();
        var person = await host.CreatePersonAsync();
        await host.ImpersonateAsync(session.AccessToken, session.SessionId, person);
        var acting = await host.RefreshAsync(session.RefreshToken);
        Assert.Equal(person.Id, (await files.SeeAsync(acting)).Name);

        await files.Auth.Sessions.RevertIdentityAsync(Guid.Parse(session.SessionId));

        await RefusedSoonAsync(files, acting);
        host.Clock.Advance(TimeSpan.FromSeconds(3)); // the administrator's older tokens were revoked too, and clocks may differ
        Assert.Equal(admin.Id, (await files.SeeAsync(await host.RefreshAsync(session.RefreshToken))).Name);
    }

    [Fact]
    public async Task What_was_revoked_while_the_feed_was_away_is_refused_once_it_is_back()
    {
        await using var files = await StartAsync();
        var people = new List<SignedIn>();
        for (var i = 0; i < 5; i++)
            people.Add(await host.SignedInPersonAsync());
        files.Gateway.IsDown = true;
        await PollsAsync(files, 2);
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await files.ExpectAsync(HttpStatusCode.ServiceUnavailable, "/me", people[0].AccessToken);

        foreach (var person in people.Take(3))
            await host.PostAsync("/auth/logout", person.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        files.Gateway.IsDown = false;
        await Eventually.TrueAsync(() => !files.Revocations.IsStale);

        foreach (var person in people.Take(3))
            await RefusedSoonAsync(files, person.AccessToken);
        foreach (var person in people.Skip(3))
            await files.SeeAsync(person.AccessToken);
    }

    [Fact]
    public async Task While_nothing_is_revoked_the_knowledge_stays_fresh()
    {
        await using var files = await StartAsync(maxStaleness: 20);

        await PollsAsync(files, 4);

        Assert.False(files.Revocations.IsStale);
    }

    /// <summary>Starts a service and waits until its knowledge is fresh.</summary>
    private async Task<FileService> StartAsync(double maxStaleness = 60)
    {
        var files = await FileService.StartAsync(host, await host.CreateServiceAsync(), bearer: options => options.Revocation = new()
        {
            WhenStale = WhenStale.Refuse,
            Wait = TimeSpan.FromSeconds(2),
            MaxStaleness = TimeSpan.FromSeconds(maxStaleness),
        });
        await Eventually.TrueAsync(() => !files.Revocations.IsStale, () => $"the feed was asked {files.Gateway.CallsOf("/revocations")} times");
        return files;
    }

    private static Task PollsAsync(FileService files, int more)
    {
        var polls = files.Gateway.CallsOf("/revocations");
        return Eventually.TrueAsync(() => files.Gateway.CallsOf("/revocations") >= polls + more);
    }

    private static async Task RefusedSoonAsync(FileService files, string token)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var response = await files.GetAsync("/me", token);
            if (response.StatusCode is HttpStatusCode.Unauthorized)
                return;
            Assert.True(waited.Elapsed < Soon, $"{response.StatusCode} after {waited.Elapsed}");
            await Task.Delay(50);
        }
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : RevokedTokenTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : RevokedTokenTests(store.Host);
}
