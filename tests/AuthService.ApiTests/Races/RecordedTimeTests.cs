using System.Globalization;
using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>A change that had to wait is recorded with the time at which it was carried out.</summary>
public abstract class RecordedTimeTests(Twins twins)
{
    private const string Extender = "_svc";

    private readonly AuthHost _host = twins.One;

    [Theory]
    [InlineData("session_opened")]
    [InlineData("session_enabled")]
    [InlineData("session_delegated")]
    [InlineData("impersonation_begun")]
    [InlineData("impersonation_ended")]
    public async Task It_is_not_dated_before_the_wait(string what)
    {
        var service = await _host.NewServiceTokenAsync(Extender);
        var (person, (administrator, acting)) = (await _host.CreatePersonAsync(), await _host.ImpersonatorAsync());
        var call = await PrepareAsync(what, service, person, acting);

        await using var other = await _host.Database.BeginAsync(
            $"UPDATE principals SET locale = locale WHERE id IN ('{Extender}', '{administrator.Id}')");
        var calling = call();
        await other.ExpectToHoldUpAsync(calling);
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        var carriedOut = _host.Clock.GetUtcNow();
        await other.Transaction.CommitAsync();
        using var answer = await calling;

        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        var entry = (await _host.AuditAsync(await _host.AdminTokenAsync(), $"?event={what}&limit=1"))[0];
        var at = DateTimeOffset.Parse(entry.Text("at"), CultureInfo.InvariantCulture);
        Assert.InRange(at, carriedOut.AddMilliseconds(-2), _host.Clock.GetUtcNow());
        if (what.StartsWith("impersonation", StringComparison.Ordinal))
            Assert.InRange(RevokedAt(answer), carriedOut.AddMilliseconds(-2), _host.Clock.GetUtcNow());
    }

    private static DateTimeOffset RevokedAt(HttpResponseMessage answer) => DateTimeOffset.UnixEpoch.AddSeconds(
        Requests.ClaimsOf(Assert.Single(answer.Headers.GetValues(Receipts.Header))).GetProperty("revokedAt").GetDouble());

    private async Task<Func<Task<HttpResponseMessage>>> PrepareAsync(string what, string service, Person person, SignedIn acting)
    {
        switch (what)
        {
            case "session_opened":
                return () => _host.TryOpenAsync(service, person.Uuid);
            case "session_enabled":
                var opened = await _host.OpenAsync(service, person, new() { ["enable"] = false });
                return () => _host.PostAsync($"/sessions/{opened}/enable", service);
            case "session_delegated":
                var session = await _host.LoginAsync(person);
                return () => _host.TryExtendAsync(service, session.AccessToken, ["files:read"], allowRefreshes: true);
            case "impersonation_begun":
                return () => _host.TryImpersonateAsync(acting.AccessToken, acting.SessionId, person.Uuid);
            default:
                await _host.TryImpersonateAsync(acting.AccessToken, acting.SessionId, person.Uuid).ExpectAsync(HttpStatusCode.OK);
                return () => _host.TryRevertAsync(service, acting.SessionId);
        }
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : RecordedTimeTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : RecordedTimeTests(twins);
}
