using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>The feed contains every revocation of an access token that has not expired, and nothing else.</summary>
public abstract class RevocationFeedTests(AuthHost host)
{
    private const long Day = 24 * 60 * 60 * 1000L;

    public static TheoryData<string> Endings =>
        ["sign-out", "revoked by an administrator", "revoked by a service", "all of the person", "password", "disabled"];

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task A_session_that_ends_stands_in_the_feed_and_no_other_does(string how)
    {
        var (person, validator) = (await host.CreatePersonAsync(), await NewValidatorAsync());
        var (ended, another) = (await host.LoginAsync(person), await host.SignedInPersonAsync());
        await validator.ReadAsync();
        Assert.False(validator.Refuses(ended.AccessToken));

        await EndAsync(how, person, ended);

        await validator.LearnsOfAsync(ended.AccessToken);
        Assert.False(validator.Refuses(another.AccessToken));
        Assert.False(validator.Refuses((await host.LoginAsync(await host.CreatePersonAsync())).AccessToken));
    }

    [Fact]
    public async Task The_tokens_that_a_service_was_issued_before_its_credential_was_renewed_stand_in_the_feed()
    {
        var service = await host.CreateServiceAsync();
        var (before, validator) = (await host.RefreshAsync(service.RefreshToken), await NewValidatorAsync());
        await validator.ReadAsync();

        var after = await host.NewServiceTokenAsync(service.Id);

        await validator.LearnsOfAsync(before);
        Assert.False(validator.Refuses(after)); // although it was issued in the same second
        Assert.False(validator.Refuses(await host.NewServiceTokenAsync()));
    }

    [Theory]
    [InlineData("extended")]
    [InlineData("one-time")]
    public async Task A_token_that_is_revoked_by_itself_stands_in_the_feed_alone(string kind)
    {
        var (service, session, validator) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync(), await NewValidatorAsync());
        await validator.ReadAsync();
        var token = kind is "extended"
            ? await host.ExtendAsync(service, session.AccessToken, "files:read")
            : await host.OneTimeTokenAsync(session.AccessToken, "files:read");

        await host.RevokeAsync(service, token).ExpectAsync(HttpStatusCode.OK);

        await validator.LearnsOfAsync(token);
        Assert.False(validator.Refuses(session.AccessToken));
    }

    [Fact]
    public async Task An_impersonation_that_ends_leaves_no_token_of_it_and_the_administrators_own_go_on()
    {
        var ((_, own), person, validator) = (await host.ImpersonatorAsync(), await host.CreatePersonAsync(), await NewValidatorAsync());
        await validator.ReadAsync();
        var service = await host.NewServiceTokenAsync("_svc");
        var day = (await host.TryExtendAsync(service, own.AccessToken, ["files:read"], Day).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        await host.ImpersonateAsync(own.AccessToken, own.SessionId, person);
        var acting = await host.RefreshAsync(own.RefreshToken);
        await validator.LearnsOfAsync(own.AccessToken);
        Assert.True(UntilOf(validator, day) >= Expiry(day), "the feed forgets an identity of which a token still passes");
        Assert.False(validator.Refuses(acting));
        host.Clock.Advance(TimeSpan.FromSeconds(3));

        await host.TryRevertAsync(await host.NewServiceTokenAsync(), own.SessionId).ExpectAsync(HttpStatusCode.OK);

        await validator.LearnsOfAsync(acting);
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(validator.Refuses(await host.RefreshAsync(own.RefreshToken)));
    }

    [Fact]
    public async Task An_entry_matters_until_the_last_token_has_expired()
    {
        var (service, validator) = (await host.NewServiceTokenAsync("_svc"), await NewValidatorAsync());
        var (usual, extended) = (await host.SignedInPersonAsync(), await host.SignedInPersonAsync());
        await validator.ReadAsync();
        var day = (await host.TryExtendAsync(service, extended.AccessToken, ["files:read"], Day).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        foreach (var session in new[] { usual, extended })
            await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await validator.LearnsOfAsync(usual.AccessToken);
        await validator.LearnsOfAsync(day);

        var (minutes, hours) = (UntilOf(validator, usual.AccessToken), UntilOf(validator, day));
        Assert.InRange(minutes - Expiry(usual.AccessToken), 0, 120);
        Assert.InRange(hours - Expiry(day), 0, 120);
    }

    [Fact]
    public async Task No_long_token_is_made_from_a_session_that_is_revoked_at_that_moment()
    {
        var (service, session) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync());
        await using var held = await host.Database.BeginAsync(
            $"UPDATE sessions SET last_used_at = last_used_at WHERE lower(CAST(id AS text)) = '{session.SessionId}'");
        var logout = host.PostAsync("/auth/logout", session.RefreshToken);
        await Task.Delay(300);
        var extension = host.TryExtendAsync(service, session.AccessToken, ["files:read"], Day);
        await Task.Delay(300);
        await held.Transaction.CommitAsync();

        await logout.ExpectAsync(HttpStatusCode.NoContent);

        using var answer = await extension;
        if (answer.StatusCode is HttpStatusCode.Unauthorized)
            return;
        var validator = await NewValidatorAsync();
        await validator.LearnsOfAsync(session.AccessToken);
        var token = (await answer.ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        Assert.True(UntilOf(validator, token) >= Expiry(token), "the feed forgets a session of which a token still passes");
    }

    [Fact]
    public async Task Only_services_and_administrators_read_it()
    {
        await host.GetAsync("/revocations").ExpectAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync("/revocations", (await host.SignedInPersonAsync()).AccessToken).ExpectAsync(HttpStatusCode.Forbidden);
        await host.ReadFeedAsync(await host.AdminTokenAsync(), cursor: null, wait: 0);
    }

    private static long Expiry(string token) => Requests.ClaimsOf(token).GetProperty("exp").GetInt64();

    private static long UntilOf(OfflineValidator validator, string token) => validator.Find(token)!.Value.GetProperty("until").GetInt64();

    private async Task<OfflineValidator> NewValidatorAsync() => new(host, await host.NewServiceTokenAsync());

    private async Task EndAsync(string how, Person person, SignedIn session)
    {
        var admin = await host.AdminTokenAsync();
        using var answer = await (how switch
        {
            "sign-out" => host.PostAsync("/auth/logout", session.RefreshToken),
            "revoked by an administrator" => host.DeleteAsync($"/admin/sessions/{session.SessionId}?descendants=true", admin),
            "revoked by a service" => host.RevokeAsync(await host.NewServiceTokenAsync(), session.AccessToken),
            "all of the person" => host.DeleteAsync($"/admin/principals/{person.Id}/sessions", admin),
            "password" => host.PutAsync($"/admin/principals/{person.Id}/password", admin, new { password = NewPassword() }),
            _ => host.PatchAsync($"/admin/principals/{person.Id}", admin, new { state = "DISABLED" }),
        });
        Assert.True(answer.IsSuccessStatusCode, $"{how}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private static string NewPassword() => Hosting.Principals.NewPassword();

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RevocationFeedTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RevocationFeedTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : RevocationFeedTests(store.Host);
}
