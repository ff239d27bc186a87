using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using static AuthService.ApiTests.Faults.InstanceCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>Signs in and out, claims, creates, guesses. It repeats necessary calls until it gets a response, on any instance.</summary>
internal sealed class Caller(InstanceCalls calls, LoadUsers users, Person person, Random random) : ILoadCaller
{
    private string _bearer = "";

    public async Task CallAsync(CancellationToken end)
    {
        if (await UntilAnsweredAsync(() => RefreshAsync(users.Service.Id, users.Service.RefreshToken)) is { Outcome: Outcome.Ok } refreshed)
            _bearer = refreshed.Text("accessToken")!;
        await RunSomethingAsync();
    }

    private Task RunSomethingAsync() => random.Next(6) switch
    {
        0 => ClaimTwiceAsync(NewName("jti")),
        1 => CreateTwiceAsync(NewName("key")),
        2 => GuessAsync(NewName("nobody")),
        3 => BeEnabledAsync(),
        _ => LiveSessionsAsync(random.Next(1, 3)),
    };

    private async Task LiveSessionsAsync(int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            if (await SignInAsync() is { } id)
                ids.Add(id);
        }

        await UseAllAsync(ids);
        switch (random.Next(3))
        {
            case 0:
                foreach (var id in ids)
                    await UntilAnsweredAsync(() => calls.SendAsync(CallKind.SignOut, id, HttpMethod.Post, "/auth/logout", users.Sessions[id].Refresh));
                break;
            case 1 when ids.Count > 0:
                var tokens = ids.Select(id => users.Sessions[id].Refresh).ToArray();
                var all = string.Join(' ', ids);
                await UntilAnsweredAsync(() => calls.SendAsync(CallKind.BulkInvalidate, all, HttpMethod.Post, "/auth/logout/bulk", _bearer, new { tokens }));
                break;
        }

        await UseAllAsync(ids);
    }

    /// <returns>The id of the session, if there was a response.</returns>
    private async Task<string?> SignInAsync()
    {
        var signIn = await calls.SendAsync(
            CallKind.SignIn, person.Id, HttpMethod.Post, "/auth/login", bearer: null,
            new { username = person.Id, password = person.Password, service = "app" });
        if (signIn.Outcome is not Outcome.Ok)
            return null;
        users.Sessions[signIn.SessionId] = SessionTokens.Of(signIn);
        return signIn.SessionId;
    }

    /// <summary>Uses both tokens of each session.</summary>
    private async Task UseAllAsync(List<string> ids)
    {
        foreach (var id in ids)
        {
            if (await RefreshAsync(id, users.Sessions[id].Refresh) is { Outcome: Outcome.Ok } refreshed)
                users.Sessions[id] = users.Sessions[id] with { Access = refreshed.Text("accessToken")! };
            await calls.SendAsync(CallKind.Use, id, HttpMethod.Get, Use, users.Sessions[id].Access);
        }
    }

    private Task<Call> RefreshAsync(string subject, string refreshToken) =>
        calls.SendAsync(CallKind.Refresh, subject, HttpMethod.Post, "/auth/refresh", refreshToken);

    /// <summary>Makes the call twice at the same time.</summary>
    private Task<Call[]> ClaimTwiceAsync(string jti) =>
        TwiceAsync(() => calls.SendAsync(CallKind.Claim, jti, HttpMethod.Post, $"/auth/claim?jti={jti}", _bearer));

    /// <inheritdoc cref="ClaimTwiceAsync"/>
    private Task<Call[]> CreateTwiceAsync(string key) =>
        TwiceAsync(() => calls.SendAsync(CallKind.CreateApplication, key, HttpMethod.Post, "/api/v1/app", _bearer, new { name = key }, key));

    private Task<Call[]> GuessAsync(string name) => Task.WhenAll(Enumerable.Range(0, 7).Select(_ =>
        calls.SendAsync(CallKind.Guess, name, HttpMethod.Post, "/auth/login", bearer: null, new { username = name, password = "wrong-one", service = "app" })));

    private async Task BeEnabledAsync()
    {
        var opened = await calls.SendAsync(CallKind.Open, users.Limited.Id, HttpMethod.Post, "/sessions", _bearer, new { userUuid = users.Limited.Uuid });
        if (opened.Outcome is not Outcome.Ok)
            return;
        var id = opened.SessionId;
        await UntilAnsweredAsync(() => calls.SendAsync(CallKind.Enable, id, HttpMethod.Post, $"/sessions/{id}/enable/{SessionCalls.Connect}", _bearer));
        await UntilAnsweredAsync(() => calls.SendAsync(CallKind.End, id, HttpMethod.Delete, $"/sessions/{id}", _bearer));
    }
}
