using System.Diagnostics;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using static AuthService.ApiTests.Auth.AuthCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>One caller of the <see cref="Load"/>. What has to be done it repeats until it is answered, on whichever instance.</summary>
internal sealed class Caller(Recorder recorder, LoadUsers users, IReadOnlyList<Func<Uri?>> instances, Person person, int seed, CancellationToken end)
{
    /// <summary>After which it gives up: longer than any fault lasts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan PauseBeforeRepeat = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new(seed);
    private string _bearer = "";
    private int _turn;

    public async Task RunAsync()
    {
        while (!end.IsCancellationRequested)
        {
            if (await UntilAnsweredAsync(() => RefreshAsync(users.Service.Id, users.Service.RefreshToken)) is { Outcome: Outcome.Ok } refreshed)
                _bearer = refreshed.Text("accessToken")!;
            await RunSomethingAsync();
            await Task.Delay(_random.Next(20), CancellationToken.None);
        }
    }

    private Task RunSomethingAsync() => _random.Next(6) switch
    {
        0 => ClaimTwiceAsync(NewName("jti")),
        1 => CreateTwiceAsync(NewName("key")),
        2 => GuessAsync(NewName("nobody")),
        3 => BeEnabledAsync(),
        _ => LiveSessionsAsync(_random.Next(1, 3)),
    };

    private async Task LiveSessionsAsync(int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            if (await SignInAsync() is { } id)
                ids.Add(id);
        }

        await RefreshAllAsync(ids);
        switch (_random.Next(3))
        {
            case 0:
                foreach (var id in ids)
                    await UntilAnsweredAsync(() => SendAsync(CallKind.SignOut, id, HttpMethod.Post, "/auth/logout", users.Sessions[id]));
                break;
            case 1 when ids.Count > 0:
                var tokens = ids.Select(id => users.Sessions[id]).ToArray();
                var all = string.Join(' ', ids);
                await UntilAnsweredAsync(() => SendAsync(CallKind.BulkInvalidate, all, HttpMethod.Post, "/auth/logout/bulk", _bearer, new { tokens }));
                break;
        }

        await RefreshAllAsync(ids);
    }

    /// <returns>The session's id, if there is an answer.</returns>
    private async Task<string?> SignInAsync()
    {
        var signIn = await SendAsync(
            CallKind.SignIn, person.Id, HttpMethod.Post, "/auth/login", bearer: null,
            new { username = person.Id, password = person.Password, service = "app" });
        if (signIn.Outcome is not Outcome.Ok)
            return null;
        users.Sessions[signIn.SessionId] = signIn.Text("refreshToken")!;
        return signIn.SessionId;
    }

    private async Task RefreshAllAsync(List<string> ids)
    {
        foreach (var id in ids)
            await RefreshAsync(id, users.Sessions[id]);
    }

    private Task<Call> RefreshAsync(string subject, string refreshToken) =>
        SendAsync(CallKind.Refresh, subject, HttpMethod.Post, "/auth/refresh", refreshToken);

    /// <summary>At the same time.</summary>
    private Task<Call[]> ClaimTwiceAsync(string jti) =>
        TwiceAsync(() => SendAsync(CallKind.Claim, jti, HttpMethod.Post, $"/auth/claim?jti={jti}", _bearer));

    /// <inheritdoc cref="ClaimTwiceAsync"/>
    private Task<Call[]> CreateTwiceAsync(string key) =>
        TwiceAsync(() => SendAsync(CallKind.CreateApplication, key, HttpMethod.Post, "/api/v1/app", _bearer, new { name = key }, key));

    private Task<Call[]> GuessAsync(string name) => Task.WhenAll(Enumerable.Range(0, 7).Select(_ =>
        SendAsync(CallKind.Guess, name, HttpMethod.Post, "/auth/login", bearer: null, new { username = name, password = "wrong-one", service = "app" })));

    private async Task BeEnabledAsync()
    {
        var opened = await SendAsync(CallKind.Open, users.Limited.Id, HttpMethod.Post, "/sessions", _bearer, new { userUuid = users.Limited.Uuid });
        if (opened.Outcome is not Outcome.Ok)
            return;
        var id = opened.SessionId;
        await UntilAnsweredAsync(() => SendAsync(CallKind.Enable, id, HttpMethod.Post, $"/sessions/{id}/enable/{SessionCalls.Connect}", _bearer));
        await UntilAnsweredAsync(() => SendAsync(CallKind.End, id, HttpMethod.Delete, $"/sessions/{id}", _bearer));
    }

    private static Task<Call[]> TwiceAsync(Func<Task<Call>> call) => Task.WhenAll(UntilAnsweredAsync(call), UntilAnsweredAsync(call));

    private static async Task<Call> UntilAnsweredAsync(Func<Task<Call>> call)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var made = await call();
            if (made.Outcome is not Outcome.Unknown || waited.Elapsed > Patience)
                return made;
            await Task.Delay(PauseBeforeRepeat);
        }
    }

    private async Task<Call> SendAsync(CallKind kind, string subject, HttpMethod method, string path, string? bearer, object? json = null, string? key = null)
    {
        (string, string)[] headers = key is null ? [AcceptJson] : [AcceptJson, ("Idempotency-Key", key)];
        var request = Requests.Create(method, new Uri(await InstanceAsync(), path).AbsoluteUri, bearer, json, headers);
        return await recorder.SendAsync(kind, subject, request);
    }

    private async Task<Uri> InstanceAsync()
    {
        while (true)
        {
            if (instances[(int)((uint)Interlocked.Increment(ref _turn) % instances.Count)]() is { } address)
                return address;
            await Task.Delay(10);
        }
    }
}
