using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>
/// Refreshes against revocations, over two instances. What counts is the moment at which the revocation was
/// acknowledged: no call that begins later gets a token, and no token that a racing call got is good for anything.
/// </summary>
public abstract class RevocationRaceTests(AuthHost host)
{
    [Fact]
    public async Task A_refresh_that_races_a_logout_loses()
    {
        await using var twin = await host.StartTwinAsync();
        var person = await host.CreatePersonAsync();
        var raced = 0;

        for (var round = 0; round < 200; round++)
        {
            var session = await host.LoginAsync(person);
            if (round % 2 == 0)
                host.Clock.Advance(TimeSpan.FromSeconds(61)); // the refreshes of this round want to write

            var race = new Race(caller => (caller % 2 == 0 ? host : twin).TryRefreshAsync(session.RefreshToken));
            var minted = await race.AgainstAsync(() => twin.PostAsync("/auth/logout", session.RefreshToken), callers: 4);

            raced += race.WasClose ? 1 : 0;
            await ExpectDeadAsync([session.AccessToken, .. minted.TakeLast(2)], twin);
        }

        Assert.True(raced > 20, $"Only in {raced} rounds a refresh succeeded while the logout was on its way: this is no race");
    }

    [Fact]
    public async Task A_webRefresh_that_races_a_webLogout_loses()
    {
        await using var twin = await host.StartTwinAsync();
        var person = await host.CreatePersonAsync();

        for (var round = 0; round < 30; round++)
        {
            var session = await host.LoginAsync(person, "web");

            var race = new Race(caller => (caller % 2 == 0 ? host : twin).TryWebRefreshAsync(session));
            var minted = await race.AgainstAsync(() => host.TryWebLogoutAsync(session), callers: 4);

            await ExpectDeadAsync([session.AccessToken, .. minted.TakeLast(2)], twin);
        }
    }

    [Theory]
    [InlineData("bulkInvalidate")]
    [InlineData("invalidateSessions")]
    [InlineData("password")]
    [InlineData("role")]
    [InlineData("disable")]
    [InlineData("delete")]
    public async Task A_refresh_that_races_any_other_revocation_loses(string how)
    {
        await using var twin = await host.StartTwinAsync();
        var admin = await host.AdminTokenAsync();

        for (var round = 0; round < 5; round++)
        {
            var person = await host.CreatePersonAsync();
            var sessions = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.LoginAsync(person)));
            Task<HttpResponseMessage> Revoke() => how switch
            {
                "bulkInvalidate" => twin.PostAsync("/auth/logout/bulk", admin, new { tokens = sessions.Select(session => session.RefreshToken) }),
                "invalidateSessions" => twin.DeleteAsync("/auth/sessions", sessions[0].AccessToken),
                "password" => twin.PutAsync($"/admin/principals/{person.Id}/password", admin, new { password = "Zebra-41-Lantern-Quartz!" }),
                "role" => twin.PatchAsync($"/admin/principals/{person.Id}", admin, new { role = "ADMIN" }),
                "disable" => twin.PatchAsync($"/admin/principals/{person.Id}", admin, new { state = "DISABLED" }),
                _ => twin.DeleteAsync($"/admin/principals/{person.Id}", admin),
            };

            var race = new Race(caller => (caller % 2 == 0 ? host : twin).TryRefreshAsync(sessions[caller % 4].RefreshToken));
            var minted = await race.AgainstAsync(Revoke, callers: 4);

            await ExpectDeadAsync([.. sessions.Select(session => session.AccessToken), .. minted.TakeLast(4)], twin);
        }
    }

    [Fact]
    public async Task A_renewal_of_a_standing_credential_beats_the_refreshes_of_the_old_one()
    {
        await using var twin = await host.StartTwinAsync();
        var admin = await host.AdminTokenAsync();

        for (var round = 0; round < 10; round++)
        {
            var service = await host.CreateServiceAsync();

            var race = new Race(caller => (caller % 2 == 0 ? host : twin).TryRefreshAsync(service.RefreshToken));
            var minted = await race.AgainstAsync(() => host.PostAsync($"/admin/principals/{service.Id}/refresh-token", admin), callers: 4);

            foreach (var token in minted.TakeLast(3))
                await twin.PostAsync($"/auth/claim?jti={Guid.NewGuid()}", token).ExpectAsync(HttpStatusCode.Unauthorized);
        }
    }

    private async Task ExpectDeadAsync(IEnumerable<string> accessTokens, AuthHost twin)
    {
        foreach (var token in accessTokens)
        {
            await host.GetAsync("/auth/sessions", token).ExpectAsync(HttpStatusCode.Unauthorized);
            await twin.GetAsync("/auth/sessions", token).ExpectAsync(HttpStatusCode.Unauthorized);
        }
    }

    /// <summary>Callers that refresh without pause while something is revoked.</summary>
    private sealed class Race(Func<int, Task<HttpResponseMessage>> refresh)
    {
        private const int CallsAfterwards = 2;

        private readonly ConcurrentQueue<string> _minted = new();
        private readonly ConcurrentQueue<long> _startsOfMinters = new();
        private long _revokedAt = long.MaxValue;
        private long _acknowledgedAt = long.MaxValue;

        /// <summary>A refresh succeeded after the revocation had been sent.</summary>
        public bool WasClose { get; private set; }

        /// <returns>The access tokens that were minted before the end, in the order in which they came.</returns>
        public async Task<IReadOnlyCollection<string>> AgainstAsync(Func<Task<HttpResponseMessage>> revoke, int callers)
        {
            var running = Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller))).ToArray();
            while (_minted.IsEmpty && !running.Any(caller => caller.IsCompleted))
                await Task.Delay(1);
            Volatile.Write(ref _revokedAt, Stopwatch.GetTimestamp());
            using (var response = await revoke())
                Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage?.RequestUri}: {response.StatusCode}");
            Volatile.Write(ref _acknowledgedAt, Stopwatch.GetTimestamp());
            await Task.WhenAll(running);

            Assert.DoesNotContain(_startsOfMinters, start => start > _acknowledgedAt);
            return _minted;
        }

        private async Task CallAsync(int caller)
        {
            for (var afterwards = 0; afterwards < CallsAfterwards;)
            {
                var start = Stopwatch.GetTimestamp();
                if (start > Volatile.Read(ref _acknowledgedAt))
                    afterwards++;
                using var response = await refresh(caller);
                if (response.StatusCode is HttpStatusCode.Unauthorized)
                    continue;
                _minted.Enqueue((await response.ExpectAsync(HttpStatusCode.OK)).Text("accessToken"));
                _startsOfMinters.Enqueue(start);
                WasClose |= Stopwatch.GetTimestamp() > Volatile.Read(ref _revokedAt);
            }
        }
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RevocationRaceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RevocationRaceTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : RevocationRaceTests(store.Host);
}
