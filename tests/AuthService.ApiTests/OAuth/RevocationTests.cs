using System.Net;
using System.Numerics;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Sessions;
using Xunit;
using static System.Buffers.Text.Base64Url;

namespace AuthService.ApiTests.OAuth;

/// <summary>Revoking a token (RFC 7009) revokes its session, or only the token if it has no session or was made from another token.</summary>
public abstract class RevocationTests(AuthHost host)
{
    [Theory]
    [InlineData("access", "app")]
    [InlineData("refresh", "app")]
    [InlineData("access", "web")]
    [InlineData("refresh", "web")]
    public async Task A_session_ends_by_either_of_its_tokens(string which, string loginService)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (session, other) = (await host.LoginAsync(person, loginService), await host.LoginAsync(person));

        using (var response = await host.RevokeAsync(service, which is "access" ? session.AccessToken : session.RefreshToken))
            Assert.Equal((HttpStatusCode.OK, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));

        await host.ExpectEndedAsync(session);
        await host.RefreshAsync(other.RefreshToken);
    }

    [Fact]
    public async Task A_delegated_session_is_revoked_alone()
    {
        var (service, session) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync());
        var delegated = await host.DelegateAsync(service, session.AccessToken, "files:read");

        await host.RevokeAsync(service, delegated.AccessToken).ExpectAsync(HttpStatusCode.OK);

        await host.TryRefreshAsync(delegated.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.RefreshAsync(session.RefreshToken);
    }

    [Theory]
    [InlineData("extended")]
    [InlineData("one-time")]
    [InlineData("extended, of a delegated session")]
    [InlineData("one-time, of a delegated session")]
    [InlineData("one-time, of a service")]
    public async Task An_extended_or_one_time_token_is_revoked_alone(string kind)
    {
        var (service, session) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync());
        var delegated = await host.DelegateAsync(service, session.AccessToken, "files:read");
        var source = kind switch
        {
            "one-time, of a service" => service,
            "extended" or "one-time" => session.AccessToken,
            _ => delegated.AccessToken,
        };
        async Task<string> DeriveAsync() => kind.StartsWith("one-time", StringComparison.Ordinal)
            ? await host.OneTimeTokenAsync(source, "files:read")
            : await host.ExtendAsync(service, source, "files:read");
        var (token, sibling) = (await DeriveAsync(), await DeriveAsync());
        Assert.True(await host.IsActiveAsync(service, token));

        await host.RevokeAsync(service, token).ExpectAsync(HttpStatusCode.OK);
        await host.RevokeAsync(service, token).ExpectAsync(HttpStatusCode.OK);

        Assert.False(await host.IsActiveAsync(service, token));
        Assert.True(await host.IsActiveAsync(service, sibling));
        Assert.True(await host.IsActiveAsync(service, source));
        await host.RefreshAsync(session.RefreshToken);
        await host.RefreshAsync(delegated.RefreshToken);
    }

    /// <summary>A claim sends only the id of the token, so the revocation must be found by the id.</summary>
    [Fact]
    public async Task A_revoked_one_time_token_cannot_be_claimed()
    {
        var (service, session) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync());
        Task<string> NewTokenAsync() => host.OneTimeTokenAsync(session.AccessToken, "files:read");
        var (token, sibling) = (await NewTokenAsync(), await NewTokenAsync());

        await host.RevokeAsync(service, token).ExpectAsync(HttpStatusCode.OK);

        await host.TryClaimAsync(service, JtiOf(token)).ExpectAsync(HttpStatusCode.Conflict);
        await host.TryClaimAsync(service, JtiOf(sibling)).ExpectAsync(HttpStatusCode.NoContent);
        await host.RevokeAsync(service, sibling).ExpectAsync(HttpStatusCode.OK);

        static string JtiOf(string token) => Requests.ClaimsOf(token).Text("jti");
    }

    [Fact]
    public async Task A_revoked_extended_token_is_refused_here()
    {
        var (service, session) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync());
        var extended = await host.ExtendAsync(service, session.AccessToken, "files:read");
        await host.OneTimeTokenAsync(extended, "files:read");

        await host.RevokeAsync(service, extended).ExpectAsync(HttpStatusCode.OK);

        await host.TryRequestOneTimeTokenAsync(extended, "files:read").ExpectAsync(HttpStatusCode.Unauthorized);
        await host.TryExtendAsync(service, extended, ["files:read"]).ExpectAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_without_a_session_ends_by_itself_and_no_other_one()
    {
        var (service, admin) = (await host.CreateServiceAsync(), await host.AdminTokenAsync());
        using var frozen = host.Clock.Freeze();
        var (token, sameInstant) = (await host.ServiceTokenAsync(service.RefreshToken), await host.ServiceTokenAsync(service.RefreshToken));
        Assert.Equal(Requests.ClaimsOf(token).GetRawText(), Requests.ClaimsOf(sameInstant).GetRawText());

        await host.RevokeAsync(admin, token).ExpectAsync(HttpStatusCode.OK);

        Assert.False(await host.HoldsAsync(token));
        Assert.False(await host.IsActiveAsync(admin, token));
        Assert.True(await host.HoldsAsync(sameInstant));
        Assert.True(await host.HoldsAsync(await host.ServiceTokenAsync(service.RefreshToken)));
    }

    [Fact]
    public async Task A_revoked_token_extends_nobodys_and_makes_no_other()
    {
        var (token, session) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync());
        var once = await host.OneTimeTokenAsync(token);
        var admin = await host.AdminTokenAsync();

        await host.RevokeAsync(token, token).ExpectAsync(HttpStatusCode.OK);
        await host.TryExtendAsync(token, session.AccessToken, ["files:read"]).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.TryExtendAsync(await host.NewServiceTokenAsync("_svc2"), token, ["files:read"]).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.RevokeAsync(admin, once).ExpectAsync(HttpStatusCode.OK);
        Assert.False(await host.IsActiveAsync(admin, once));
    }

    /// <summary>From a valid signature (r, s) anybody can compute another valid one, (r, n - s).</summary>
    [Fact]
    public async Task A_revoked_token_does_not_come_back_with_another_signature_of_the_same_kind()
    {
        var (token, admin) = (await host.NewServiceTokenAsync(), await host.AdminTokenAsync());
        var twin = WithOtherSignature(token);
        Assert.True(twin != token && await host.HoldsAsync(twin));

        await host.RevokeAsync(admin, token).ExpectAsync(HttpStatusCode.OK);

        Assert.False(await host.HoldsAsync(twin));
    }

    [Fact]
    public async Task A_suspended_session_ends_too_and_cannot_be_enabled_again()
    {
        await using var own = await host.StartAnotherAsync(new() { ["Sessions:IdleTimeout"] = "00:05:00" });
        var person = await own.CreatePersonAsync();
        var (byAccess, byRefresh) = (await own.LoginAsync(person), await own.LoginAsync(person));
        own.Clock.Advance(TimeSpan.FromMinutes(6));
        var service = await own.NewServiceTokenAsync();

        await own.RevokeAsync(service, byAccess.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await own.RevokeAsync(service, byRefresh.RefreshToken).ExpectAsync(HttpStatusCode.OK);

        foreach (var session in new[] { byAccess, byRefresh })
            await own.PostAsync($"/sessions/{session.SessionId}/enable", service).ExpectAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_of_an_impersonation_that_is_over_ends_nothing()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (_, session) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(session.AccessToken, session.SessionId, person);
        var impersonated = await host.RefreshAsync(session.RefreshToken);
        await host.TryRevertAsync(service, session.SessionId).ExpectAsync(HttpStatusCode.OK);

        await host.RevokeAsync(service, impersonated).ExpectAsync(HttpStatusCode.OK);

        await host.RefreshAsync(session.RefreshToken);
    }

    [Fact]
    public async Task The_refresh_token_of_a_service_is_renewed_and_not_revoked()
    {
        var service = await host.CreateServiceAsync();

        await host.RevokeAsync(await host.AdminTokenAsync(), service.RefreshToken).OAuthErrorAsync(HttpStatusCode.BadRequest, "unsupported_token_type");

        await host.ServiceTokenAsync(service.RefreshToken);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("appsk_unknown")]
    public async Task What_is_unknown_is_as_good_as_revoked(string text) =>
        await host.RevokeAsync(await host.NewServiceTokenAsync(), text, hint: "nonsense").ExpectAsync(HttpStatusCode.OK);

    [Fact]
    public async Task An_expired_token_is_as_good_as_revoked_and_ends_nothing()
    {
        var (service, person) = (await host.CreateServiceAsync(), await host.CreatePersonAsync());
        var session = await host.LoginAsync(person);
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        var token = await host.ServiceTokenAsync(service.RefreshToken);

        await host.RevokeAsync(token, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.RevokeAsync(token, $"{token}x").ExpectAsync(HttpStatusCode.OK);

        await host.RefreshAsync(session.RefreshToken);
        Assert.True(await host.HoldsAsync(token));
    }

    [Fact]
    public async Task A_revocation_is_forgotten_when_the_token_has_long_expired_and_not_before()
    {
        await using var own = await host.StartAnotherAsync(new() { ["CleanUp:Interval"] = "00:00:00.200" });
        var (service, admin) = (await own.CreateServiceAsync(), await own.AdminTokenAsync());
        var token = await own.ServiceTokenAsync(service.RefreshToken);
        await own.RevokeAsync(admin, token).ExpectAsync(HttpStatusCode.OK);

        own.Clock.Advance(TimeSpan.FromMinutes(9));
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.False(await own.HoldsAsync(token));
        Assert.Equal(1, await own.Database.CountAsync("revoked_tokens"));

        own.Clock.Advance(TimeSpan.FromHours(2));
        await Eventually.CountsAsync(own, "revoked_tokens", 0);
        Assert.False(await own.HoldsAsync(token));
    }

    private static string WithOtherSignature(string token)
    {
        var order = BigInteger.Parse(
            "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
            System.Globalization.NumberStyles.HexNumber,
            System.Globalization.CultureInfo.InvariantCulture);
        var at = token.LastIndexOf('.') + 1;
        var signature = DecodeFromChars(token.AsSpan(at));
        var other = (order - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true)).ToByteArray(isUnsigned: true, isBigEndian: true);
        return token[..at] + EncodeToString([.. signature[..32], .. new byte[32 - other.Length], .. other]);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : RevocationTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : RevocationTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : RevocationTests(store.Host);
}
