using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>Identity providers revoke the sessions of people who signed out there (OpenID Connect Back-Channel Logout 1.0).</summary>
public abstract class ProviderLogoutTests(AuthHost host, ProviderHosts hosts) : IAsyncLifetime
{
    private const string Title = "Example Corp";

    private readonly string _subject = NewName("sub");
    private PlainProvider _provider = null!;
    private AuthHost _twin = null!;

    public async Task InitializeAsync()
    {
        _provider = hosts.Reset();
        _twin = await hosts.TwinAsync(_provider.SettingsFor(Title));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_sign_out_there_ends_the_sessions_of_that_session_alone()
    {
        var (ended, same, other) = (await SignInAsync("s1"), await SignInAsync("s1"), await SignInAsync("s2"));

        using var answer = await _twin.TrySignOutAsync(Title, TokenOf(subject: null, "s1"));

        await answer.ExpectAsync(HttpStatusCode.OK);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.False(await _twin.IsActiveAsync(ended));
        Assert.False(await _twin.IsActiveAsync(same));
        Assert.True(await _twin.IsActiveAsync(other));
        var refused = await _twin.TryWebRefreshAsync(ended).ExpectAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("SIGNED_OUT", refused.Text("errorCode"));
    }

    [Fact]
    public async Task A_sign_out_of_somebody_ends_all_sessions_of_that_provider_and_no_others()
    {
        var (first, second) = (await SignInAsync("s1"), await SignInAsync(session: null));
        var another = await _twin.SignInAsync(_provider, NewName("sub"), "s1");

        await _twin.TrySignOutAsync(Title, TokenOf(_subject, session: null)).ExpectAsync(HttpStatusCode.OK);

        Assert.False(await _twin.IsActiveAsync(first));
        Assert.False(await _twin.IsActiveAsync(second));
        Assert.True(await _twin.IsActiveAsync(another));
    }

    [Fact]
    public async Task Who_is_named_with_a_session_must_be_the_one_who_has_it()
    {
        var (named, unnamed, other) = (await SignInAsync("s1"), await SignInAsync(session: null), await SignInAsync("s2"));

        await _twin.TrySignOutAsync(Title, TokenOf(NewName("sub"), "s1")).ExpectAsync(HttpStatusCode.OK);
        Assert.True(await _twin.IsActiveAsync(named));

        await _twin.TrySignOutAsync(Title, TokenOf(_subject, "s1")).ExpectAsync(HttpStatusCode.OK);
        Assert.False(await _twin.IsActiveAsync(named));
        Assert.False(await _twin.IsActiveAsync(unnamed)); // its session at the provider is unknown, so it is revoked too
        Assert.True(await _twin.IsActiveAsync(other));
    }

    [Fact]
    public async Task A_delegated_session_stays_as_at_any_sign_out()
    {
        var session = await SignInAsync("s1");
        var delegated = await _twin.DelegateAsync(session.AccessToken);

        await _twin.TrySignOutAsync(Title, TokenOf(_subject, session: null)).ExpectAsync(HttpStatusCode.OK);

        Assert.False(await _twin.IsActiveAsync(session));
        await _twin.TryRefreshAsync(delegated.RefreshToken).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_ended_stands_in_the_feed_and_in_the_audit_log()
    {
        var (session, validator) = (await SignInAsync("s1"), new OfflineValidator(_twin, await _twin.NewServiceTokenAsync()));
        await validator.ReadAsync();

        var receipt = await _twin.TrySignOutAsync(Title, TokenOf(_subject, "s1")).ReceiptClaimsAsync(HttpStatusCode.OK);

        await validator.ComesToAsync(receipt.Text("cursor"));
        Assert.True(validator.Refuses(session.AccessToken));
        var person = Requests.ClaimsOf(session.AccessToken).Text("sub");
        var entries = await _twin.GetAsync($"/admin/audit?principal={person}&event=sign_out", await _twin.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        var entry = Assert.Single(entries.GetProperty("items").EnumerateArray());
        Assert.Equal((Title, session.SessionId), (entry.Text("detail"), entry.Text("sessionId")));
    }

    [Fact]
    public async Task A_token_counts_once_on_all_instances()
    {
        await using var other = await _twin.StartTwinAsync(_provider.SettingsFor(Title));
        var token = TokenOf(_subject, session: null);
        await SignInAsync("s1");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => (n % 2 is 0 ? _twin : other).TrySignOutAsync(Title, token)));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode is HttpStatusCode.OK));
        Assert.Equal(19, answers.Count(answer => answer.StatusCode is HttpStatusCode.BadRequest));
        var later = await SignInAsync("s1");
        await ExpectRefusedAsync(token);
        Assert.True(await _twin.IsActiveAsync(later));
    }

    [Fact]
    public async Task Where_there_is_no_session_nothing_is_said()
    {
        using var answer = await _twin.TrySignOutAsync(Title, TokenOf(NewName("sub"), NewName("sid")));

        await answer.ExpectAsync(HttpStatusCode.OK);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_provider_ends_its_own_sessions_alone()
    {
        await using var second = await PlainProvider.StartAsync(host.Clock);
        second.RotateKey();
        await using var both = await _twin.StartTwinAsync(_provider.SettingsFor(Title).With(second.SettingsFor("University", index: 1)));
        var mine = await both.SignInAsync(_provider, _subject, "s1");
        var theirs = LogoutTokens.PayloadOf(second, host.Clock.GetUtcNow(), _subject, "s1");

        await both.TrySignOutAsync(Title, LogoutTokens.Sign(theirs, second.Key)).RefusalAsync(HttpStatusCode.BadRequest);
        await both.TrySignOutAsync("University", LogoutTokens.Sign(theirs, second.Key)).ExpectAsync(HttpStatusCode.OK);

        Assert.True(await both.IsActiveAsync(mine));
        await both.TrySignOutAsync("Nobody", TokenOf(_subject, "s1")).RefusalAsync(HttpStatusCode.NotFound);
        Assert.True(await both.IsActiveAsync(mine));
    }

    [Fact]
    public async Task A_new_key_of_the_provider_is_looked_up()
    {
        _provider = await hosts.StartProviderAsync();
        await using var twin = await host.StartTwinAsync(_provider.SettingsFor(Title));
        var session = await twin.SignInAsync(_provider, _subject, "s1");
        _provider.RotateKey();

        await twin.TrySignOutAsync(Title, TokenOf(_subject, "s1")).ExpectAsync(HttpStatusCode.OK);

        Assert.False(await _twin.IsActiveAsync(session));
    }

    [Fact]
    public async Task What_is_no_form_with_one_token_is_refused()
    {
        var path = $"/auth/idp/{Uri.EscapeDataString(Title)}/backchannel-logout";
        HttpContent?[] bodies =
        [
            null, new StringContent("{}", System.Text.Encoding.UTF8, "application/json"), new FormUrlEncodedContent([]),
            new FormUrlEncodedContent([new("logout_token", "")]), new FormUrlEncodedContent([new("logout_token", "a"), new("logout_token", "b")]),
        ];

        foreach (var body in bodies)
            Assert.Equal("invalid_request", (await _twin.PostAsync(path, json: body).RefusalAsync(HttpStatusCode.BadRequest)).Code);

        await _twin.GetAsync(path).RefusalAsync(HttpStatusCode.MethodNotAllowed);
    }

    private Task<SignedIn> SignInAsync(string? session) => _twin.SignInAsync(_provider, _subject, session);

    private string TokenOf(string? subject, string? session) =>
        LogoutTokens.Sign(LogoutTokens.PayloadOf(_provider, host.Clock.GetUtcNow(), subject, session), _provider.Key);

    private async Task ExpectRefusedAsync(string token) =>
        Assert.Equal("invalid_request", (await _twin.TrySignOutAsync(Title, token).RefusalAsync(HttpStatusCode.BadRequest)).Code);

    [Collection("sqlite")]
    public sealed class OnSqlite(ProviderHosts<SqliteStore> hosts) : ProviderLogoutTests(hosts.Host, hosts), IClassFixture<ProviderHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ProviderHosts<PostgresStore> hosts) : ProviderLogoutTests(hosts.Host, hosts), IClassFixture<ProviderHosts<PostgresStore>>;
}
