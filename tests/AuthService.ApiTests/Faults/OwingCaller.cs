using AuthService.ApiTests.Account;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using static AuthService.ApiTests.Faults.InstanceCalls;

namespace AuthService.ApiTests.Faults;

/// <summary>Signs in with a password when a second factor is required, and tries every way to a token that allows more.</summary>
internal sealed class OwingCaller(InstanceCalls calls, Person person) : ILoadCaller
{
    private static readonly (HttpMethod Method, string Path)[] Closed =
    [
        (HttpMethod.Get, AccountCalls.Sessions), (HttpMethod.Get, "/admin/principals"), (HttpMethod.Post, "/auth/request?audience=files:read"),
        (HttpMethod.Post, SecondFactorCalls.RecoveryCodes), (HttpMethod.Delete, "/auth/sessions"),
    ];

    private int _turn;

    public async Task CallAsync(CancellationToken end)
    {
        var password = new { username = person.Id, password = person.Password, service = "app" };
        var signedIn = await calls.PostAsync(CallKind.Owing, person.Id, "/auth/login", bearer: null, password);
        if (signedIn.Outcome is not Outcome.Ok)
            return;
        var (token, refreshToken) = (signedIn.Text("accessToken")!, signedIn.Text("refreshToken")!);
        await OverreachAsync(token);
        await OverreachAsync(token);
        await TryWrongSetUpAsync(token);
        Call[] ways =
        [
            .. await TwiceAsync(() => calls.PostAsync(CallKind.Owing, person.Id, "/auth/refresh", refreshToken)),
            await calls.PostAsync(CallKind.Owing, person.Id, SecondFactorCalls.Reauthenticate, token, new { password = person.Password }),
            await calls.PostAsync(CallKind.Owing, person.Id, "/oauth/token", bearer: null, GrantOf(refreshToken)),
        ];
        foreach (var way in ways.Where(way => way.Outcome is Outcome.Ok))
            await OverreachAsync(way.Text("accessToken") ?? way.Text("access_token")!);
        await UntilAnsweredAsync(() => calls.PostAsync(CallKind.SignOut, signedIn.SessionId, "/auth/logout", refreshToken));
    }

    /// <summary>Makes one of the calls that the token must not allow, each in turn.</summary>
    private Task<Call> OverreachAsync(string token)
    {
        var (method, path) = Closed[_turn++ % Closed.Length];
        return calls.SendAsync(CallKind.Overreach, person.Id, method, path, token);
    }

    private async Task TryWrongSetUpAsync(string token)
    {
        var begun = await calls.PostAsync(CallKind.OwnAccount, person.Id, SecondFactorCalls.SetUp, token);
        if (begun.Outcome is not Outcome.Ok)
            return;
        var guess = new { challengeId = begun.Text("challengeId"), verificationCode = "12345" };
        await calls.PostAsync(CallKind.Overreach, person.Id, SecondFactorCalls.Challenge, bearer: null, guess);
    }

    private static FormUrlEncodedContent GrantOf(string refreshToken) => new([new("grant_type", "refresh_token"), new("refresh_token", refreshToken)]);
}
