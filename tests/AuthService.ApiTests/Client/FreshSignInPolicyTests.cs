using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using AuthService.Client;
using Microsoft.AspNetCore.Authorization;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>Another service requires a fresh proof of identity (RFC 9470).</summary>
public abstract class FreshSignInPolicyTests(AuthHost host)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task An_old_proof_is_refused_with_what_is_missing_and_a_new_one_accepted()
    {
        using var frozen = host.Clock.Freeze();
        await using var files = await FileService.StartAsync(host);
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        await files.ExpectAsync(HttpStatusCode.OK, "/fresh", session.AccessToken);

        host.Clock.Advance(FileService.FreshFor + Second);
        var old = await host.RefreshAsync(session.RefreshToken);
        await ExpectInsufficientAsync(files, "/fresh", old);
        var proved = (await host.TryProveAsync(old, new { password = person.Password }).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

        await files.ExpectAsync(HttpStatusCode.OK, "/fresh", proved);
    }

    [Fact]
    public async Task A_scope_that_is_missing_is_403_before_a_proof_is_asked_for()
    {
        using var frozen = host.Clock.Freeze();
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var session = await host.SignedInPersonAsync();
        await files.ExpectAsync(HttpStatusCode.OK, "/fresh-upload", session.AccessToken);

        host.Clock.Advance(FileService.FreshFor + Second);

        await ExpectInsufficientAsync(files, "/fresh-upload", await host.RefreshAsync(session.RefreshToken));
        var narrow = await host.OneTimeTokenAsync(await host.RefreshAsync(session.RefreshToken), "files:read");
        await files.ExpectAsync(HttpStatusCode.Forbidden, "/fresh-upload", narrow);
    }

    [Fact]
    public async Task Neither_a_service_nor_an_administrator_in_somebodys_place_has_signed_in()
    {
        await using var files = await FileService.StartAsync(host);
        var (_, session) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(session.AccessToken, session.SessionId, await host.CreatePersonAsync());

        await ExpectInsufficientAsync(files, "/fresh", await host.RefreshAsync(session.RefreshToken));
        await ExpectInsufficientAsync(files, "/fresh", await host.NewServiceTokenAsync());
    }

    [Fact]
    public async Task Without_a_token_nothing_but_the_token_is_asked_for()
    {
        await using var files = await FileService.StartAsync(host);

        using var response = await files.GetAsync("/fresh", token: null);

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (response.StatusCode, response.Headers.WwwAuthenticate.ToString()));
    }

    [Fact]
    public async Task A_handler_sees_when_and_how_the_person_signed_in()
    {
        using var frozen = host.Clock.Freeze();
        await using var files = await FileService.StartAsync(host);
        var guarded = await host.GuardedAsync();
        using var authenticator = new SoftwareAuthenticator();
        await host.PasskeyOwnerAsync(authenticator);

        var one = await files.SeeAsync((await host.SignedInPersonAsync()).AccessToken);
        var two = await files.SeeAsync((await host.LoginAsync(guarded)).AccessToken);
        var passkey = await files.SeeAsync((await host.LoginAsync(authenticator)).AccessToken);

        Assert.Equal(host.Clock.GetUtcNow().ToUnixTimeSeconds(), two.AuthenticatedAt!.Value.ToUnixTimeSeconds());
        Assert.Equal(["pwd"], one.Methods);
        Assert.Equal(["pwd", "otp", "mfa"], two.Methods);
        Assert.Equal(["hwk", "mfa"], passkey.Methods);
    }

    [Fact]
    public void A_proof_of_less_than_a_second_is_a_mistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuthorizationPolicyBuilder().RequireFreshSignIn(TimeSpan.Zero));

    private static async Task ExpectInsufficientAsync(FileService files, string path, string token)
    {
        using var response = await files.GetAsync(path, token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer error=\"insufficient_user_authentication\", max_age=\"300\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : FreshSignInPolicyTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : FreshSignInPolicyTests(store.Host);
}
