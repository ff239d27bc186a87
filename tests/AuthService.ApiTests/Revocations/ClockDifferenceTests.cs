using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Client;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Sessions;
using AuthService.Client;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>
/// An instance with a clock two seconds ahead issues a token, and another one revokes it. Offline verifiers refuse the token,
/// although its issue time is later than the revocation.
/// </summary>
public abstract class ClockDifferenceTests(AuthHost host) : IAsyncLifetime
{
    private static readonly TimeSpan Difference = TimeSpan.FromSeconds(2);

    private AuthHost _behind = null!;
    private IDisposable _still = null!;
    private AuthHost _ahead = null!;
    private FileService _files = null!;
    private OfflineValidator _validator = null!;

    public async Task InitializeAsync()
    {
        _behind = await host.StartAnotherAsync();
        _still = _behind.Clock.Freeze();
        _ahead = await _behind.StartTwinAsync(ahead: Difference);
        _files = await FileService.StartAsync(_behind, await _behind.CreateServiceAsync(), bearer: options => options.Revocation = new()
        {
            WhenStale = WhenStale.Refuse,
            Wait = TimeSpan.FromSeconds(2),
        });
        await Eventually.TrueAsync(() => !_files.Revocations.IsStale);
        _validator = new OfflineValidator(_behind, await _behind.NewServiceTokenAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_service_narrowed_is_refused_when_the_service_is_disabled_or_deleted(bool isDeleted)
    {
        var (session, apart) = (await _behind.SignedInPersonAsync(), await _ahead.NewServiceTokenAsync("_svc2"));
        var token = await _ahead.ExtendAsync(await _ahead.NewServiceTokenAsync("_svc"), session.AccessToken, "files:read");
        var another = await _ahead.ExtendAsync(apart, session.AccessToken, "files:read");
        await _files.SeeAsync(token);

        var admin = await _behind.AdminTokenAsync();
        var receipt = isDeleted
            ? await _behind.DeleteAsync(Administration.PathOf("_svc"), admin).ReceiptClaimsAsync(HttpStatusCode.NoContent)
            : await _behind.PatchAsync(Administration.PathOf("_svc"), admin, new { state = "DISABLED" }).ReceiptClaimsAsync(HttpStatusCode.OK);

        await RefusedAsync(token);
        await _files.SeeAsync(another);
        await _files.SeeAsync(session.AccessToken);
        var entry = receipt.GetProperty("revoked").EnumerateArray().Single(entry => entry.TryGetProperty("extendedBy", out _));
        Assert.True(entry.GetProperty("before").GetInt64() > Requests.ClaimsOf(token).GetProperty("iat").GetInt64());
        Assert.Equal(_behind.Clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000m, receipt.GetProperty("revokedAt").GetDecimal());
    }

    [Fact]
    public async Task What_is_narrowed_after_the_service_was_enabled_again_is_taken()
    {
        await _behind.NewServiceTokenAsync("_svc");
        await SetStateAsync("DISABLED");
        _behind.Clock.Advance(TimeSpan.FromSeconds(2));
        await SetStateAsync("ENABLED");
        _behind.Clock.Advance(TimeSpan.FromSeconds(1));

        var (service, person) = (await _behind.NewServiceTokenAsync("_svc"), await _behind.SignedInPersonAsync());
        var token = await _behind.ExtendAsync(service, person.AccessToken, "files:read");

        var last = await _behind.SignedInPersonAsync();
        await _behind.PostAsync("/auth/logout", last.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await RefusedAsync(last.AccessToken);
        Assert.False(_validator.Refuses(token));
        await _files.SeeAsync(token);
    }

    [Fact]
    public async Task An_identity_that_a_session_gave_up_is_refused_at_both_ends()
    {
        var ((_, session), person) = (await _behind.ImpersonatorAsync(), await _behind.CreatePersonAsync());
        var own = await _ahead.RefreshAsync(session.RefreshToken);
        await _files.SeeAsync(own);

        await _behind.ImpersonateAsync(session.AccessToken, session.SessionId, person);

        var acting = await _ahead.RefreshAsync(session.RefreshToken);
        await RefusedAsync(own);
        await _files.SeeAsync(acting);

        await _behind.TryRevertAsync(await _behind.NewServiceTokenAsync(), session.SessionId).ExpectAsync(HttpStatusCode.OK);

        await RefusedAsync(acting);
        _behind.Clock.Advance(TimeSpan.FromSeconds(3));
        await _files.SeeAsync(await _behind.RefreshAsync(session.RefreshToken));
    }

    public async Task DisposeAsync()
    {
        await _files.DisposeAsync();
        await _ahead.DisposeAsync();
        _still.Dispose();
        await _behind.DisposeAsync();
    }

    private async Task RefusedAsync(string token)
    {
        await _validator.LearnsOfAsync(token);
        await Eventually.TrueAsync(async () =>
        {
            using var response = await _files.GetAsync("/me", token);
            return response.StatusCode is HttpStatusCode.Unauthorized;
        });
    }

    private async Task SetStateAsync(string state) =>
        await _behind.PatchAsync(Administration.PathOf("_svc"), await _behind.AdminTokenAsync(), new { state }).ExpectAsync(HttpStatusCode.OK);

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ClockDifferenceTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ClockDifferenceTests(store.Host);
}
