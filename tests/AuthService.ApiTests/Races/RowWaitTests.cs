using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using AuthService.Sessions;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>Calls wait for a row lock in PostgreSQL and then find the row changed.</summary>
[Collection("races on postgres")]
public sealed class RowWaitTests(PostgresTwins twins)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AuthHost _host = twins.One;

    [Fact]
    public async Task A_refresh_that_waits_for_the_end_of_an_impersonation_is_the_administrators()
    {
        var (administrator, acting) = await ActingAsync();

        using var refreshed = await WhileRevertingAsync(acting, () => _host.TryRefreshAsync(acting.RefreshToken));

        var claims = Requests.ClaimsOf((await refreshed.ExpectAsync(HttpStatusCode.OK)).Text("accessToken"));
        Assert.Equal(administrator.Id, claims.Text("sub"));
        Assert.False(claims.TryGetProperty("act", out _));
    }

    [Fact]
    public async Task A_session_that_is_used_meanwhile_is_the_administrators()
    {
        var ((administrator, acting), service) = (await ActingAsync(), await _host.NewServiceTokenAsync());

        using var found = await WhileRevertingAsync(acting, () => _host.GetAsync($"/sessions/{acting.SessionId}?keepAlive=true", service));

        var session = await found.ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(administrator.Uuid, session.GetProperty("user").Text("uuid"));
        Assert.False(session.TryGetProperty("actor", out _));
    }

    [Fact]
    public async Task Nothing_is_extended_of_an_impersonation_that_ends_while_the_call_waits()
    {
        var ((_, acting), caller) = (await ActingAsync(), await _host.NewServiceTokenAsync("_svc"));
        var token = await _host.RefreshAsync(acting.RefreshToken);

        await using var change = await _host.Database.BeginAsync("UPDATE principals SET locale = locale WHERE id = '_svc'");
        var call = _host.TryExtendAsync(caller, token, ["files:read"], 5 * Delegations.Minute);
        await BlockedTable.UntilARowIsWaitedForAsync(_host.Database, Patience);
        await _host.TryRevertAsync(await _host.NewServiceTokenAsync(), acting.SessionId).ExpectAsync(HttpStatusCode.OK);
        await change.Transaction.CommitAsync();

        await call.RefusalAsync(HttpStatusCode.Unauthorized);
    }

    /// <summary>The service locks the caller and the other principal in one order. Otherwise two calls about each other would deadlock.</summary>
    [Fact]
    public async Task A_caller_and_whom_the_call_is_about_are_held_in_one_order()
    {
        var person = await _host.CreatePersonAsync();
        var service = await _host.CreateServiceAsync();
        var caller = await _host.ServiceTokenAsync(service.RefreshToken);
        var (administrator, acting) = await _host.ImpersonatorAsync();
        var admin = await _host.LoginAsync(administrator);
        (string Awaited, string Caller, Func<Task<HttpResponseMessage>> Call)[] calls =
        [
            (service.Id, administrator.Id, () => _host.PostAsync(ApiKeyCalls.KeysOf(service.Id), admin.AccessToken, new { name = "a key" })),
            (person.Id, service.Id, () => _host.TryOpenAsync(caller, person.Uuid)),
            (person.Id, administrator.Id, () => _host.TryImpersonateAsync(acting.AccessToken, acting.SessionId, person.Uuid)),
        ];
        foreach (var (awaited, who, call) in calls)
        {
            await using var change = await _host.Database.BeginAsync($"UPDATE principals SET locale = locale WHERE id = '{awaited}'");
            var calling = call();
            await BlockedTable.UntilARowIsWaitedForAsync(_host.Database, Patience);

            await _host.Database.ExecuteAsync($"UPDATE principals SET locale = locale WHERE id = '{who}'");

            await change.Transaction.CommitAsync();
            using var answer = await calling;
            Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Many_ask_for_one_time_tokens_in_one_impersonation_at_once()
    {
        var (_, acting) = await ActingAsync();
        var narrowed = await _host.NarrowAsync(await _host.RefreshAsync(acting.RefreshToken));

        await using var asking = await _host.Database.BeginAsync($"SELECT 1 FROM sessions WHERE id = '{acting.SessionId}' FOR SHARE");

        await _host.TryRequestOneTimeTokenAsync(narrowed, "files:write").ExpectAsync(HttpStatusCode.OK).WaitAsync(Patience);
    }

    /// <summary>Other calls lock some of these sessions in the order of their ids.</summary>
    [Theory]
    [InlineData("everybody's")]
    [InlineData("a person's")]
    [InlineData("in bulk")]
    [InlineData("of a disabled person")]
    public async Task Many_sessions_are_locked_in_one_order_whatever_theirs_is_in_the_table(string which)
    {
        await using var host = await _host.StartAnotherAsync();
        var person = await host.CreatePersonAsync();
        SignedIn[] sessions = [await host.LoginAsync(person), await host.LoginAsync(person)];
        var (first, second) = string.CompareOrdinal(sessions[0].SessionId, sessions[1].SessionId) < 0 ? (sessions[0], sessions[1]) : (sessions[1], sessions[0]);
        var service = await host.NewServiceTokenAsync();
        await host.Database.ExecuteAsync($"UPDATE sessions SET location = 'behind the other' WHERE id = '{first.SessionId}'");
        var admin = await host.NewAdminTokenAsync();

        await using var change = await host.Database.BeginAsync($"SELECT 1 FROM sessions WHERE id = '{first.SessionId}' FOR UPDATE");
        var ending = which switch
        {
            "everybody's" => host.DeleteAsync("/sessions", admin),
            "a person's" => host.DeleteAsync($"{AccountCalls.Sessions}/all", second.AccessToken),
            "in bulk" => host.PostAsync("/auth/logout/bulk", service, new { tokens = new[] { second.RefreshToken, first.RefreshToken } }),
            _ => host.PatchAsync(Administration.PathOf(person.Id), admin, new { state = "DISABLED" }),
        };
        await BlockedTable.UntilARowIsWaitedForAsync(host.Database, Patience);
        await host.Database.ExecuteAsync($"SELECT 1 FROM sessions WHERE id = '{second.SessionId}' FOR UPDATE NOWAIT");
        await change.Transaction.CommitAsync();

        using var answer = await ending.WaitAsync(Patience);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        Assert.Equal(0, await host.Database.CountAsync($"sessions WHERE id IN ('{first.SessionId}', '{second.SessionId}')"));
    }

    /// <summary>One of the callers has found the session with the principal that it impersonated until then.</summary>
    [Fact]
    public async Task Of_two_uses_that_are_written_together_each_gets_its_own_answer()
    {
        var signedIn = await _host.SignedInPersonAsync();
        var found = await _host.CallAsync<SessionStore, SessionWithPrincipals?>(sessions => sessions.FindByIdAsync(Guid.Parse(signedIn.SessionId)));
        var (session, stranger) = (found!.Session, found.Session with { PrincipalNumber = found.Session.PrincipalNumber + 1 });

        List<Task<bool>> before = [];
        Task<bool>[] together;
        await using (var change = await _host.Database.BeginAsync($"SELECT 1 FROM sessions WHERE id = '{session.Id}' FOR UPDATE"))
        {
            while (before.Count < 3) // as many statements as may run at once
            {
                before.Add(TouchAsync(session));
                await BlockedTable.UntilARowIsWaitedForAsync(_host.Database, Patience, by: before.Count);
            }

            together = [TouchAsync(stranger), TouchAsync(session)];
            await Task.Delay(300);
            await change.Transaction.CommitAsync();
        }

        Assert.All(await Task.WhenAll(before), Assert.True);
        Assert.Equal((false, true), (await together[0], await together[1]));

        Task<bool> TouchAsync(Session used) => _host.CallAsync<SessionStore, bool>(sessions => sessions.TryTouchAsync(used, _host.Clock.GetUtcNow()));
    }

    /// <summary>Sessions that begin during the call are not revoked with the earlier ones. Otherwise the call might never end.</summary>
    [Fact]
    public async Task Every_session_is_ended_while_others_are_begun()
    {
        await using var host = await _host.StartAnotherAsync();
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var before = await host.OpenAsync(service, person);
        using var stop = new CancellationTokenSource();
        var opening = Enumerable.Range(0, 8).Select(_ => OpenAsync()).ToArray();

        await host.DeleteAsync("/sessions", await host.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent).WaitAsync(4 * Patience);
        await stop.CancelAsync();
        await Task.WhenAll(opening);

        await host.ExpectGoneAsync(service, before);
        await host.GetSessionAsync(service, await host.OpenAsync(service, person));

        async Task OpenAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                using var opened = await host.TryOpenAsync(service, person.Uuid);
            }
        }
    }

    /// <summary>Gets an impersonating session that was not used for a while, so that its next use is written.</summary>
    private async Task<(Person Administrator, SignedIn Acting)> ActingAsync()
    {
        var (administrator, acting) = await _host.ImpersonatorAsync();
        await _host.ImpersonateAsync(acting.AccessToken, acting.SessionId, await _host.CreatePersonAsync());
        _host.Clock.Advance(TimeSpan.FromMinutes(5));
        return (administrator, acting);
    }

    /// <summary>Reverts an impersonation while the call, which has read the session before, waits for its row.</summary>
    private async Task<HttpResponseMessage> WhileRevertingAsync(SignedIn acting, Func<Task<HttpResponseMessage>> call)
    {
        var service = await _host.NewServiceTokenAsync();
        Task<HttpResponseMessage> reverting, calling;
        await using (var blocked = await BlockedTable.LockAsync(_host.Database, "identity_revocations"))
        {
            reverting = _host.TryRevertAsync(service, acting.SessionId);
            await blocked.UntilSomebodyWaitsAsync(Patience);
            calling = call();
            await BlockedTable.UntilARowIsWaitedForAsync(_host.Database, Patience, by: 2);
        }

        await reverting.ExpectAsync(HttpStatusCode.OK);
        return await calling;
    }
}
