using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Storage.Restore;

/// <summary>What people had when a backup was made, and have no more when it is restored. Of what works once there are two: for each test of it one.</summary>
/// <param name="SignedOut">A session that its owner signs out.</param>
/// <param name="Former">A person whose sessions the administrator ends.</param>
/// <param name="Ended">The session of that person.</param>
/// <param name="Links">Tokens of links for a new password.</param>
/// <param name="Guarded">A person with an authenticator app.</param>
/// <param name="Codes">The recovery codes of that person.</param>
internal sealed record BackedUpState(SignedIn SignedOut, Person Former, SignedIn Ended, string[] Links, Guarded Guarded, string[] Codes)
{
    public static async Task<BackedUpState> PrepareAsync(AuthHost host)
    {
        var former = await host.CreatePersonAsync();
        var guarded = await host.GuardedAsync();
        return new(
            await host.SignedInPersonAsync(), former, await host.LoginAsync(former), [await LinkAsync(host), await LinkAsync(host)],
            guarded, await host.RecoveryCodesAsync(guarded));
    }

    /// <summary>Revokes and uses up everything after the backup.</summary>
    /// <returns>The cursor of a reader of the feed who has read all of it.</returns>
    public async Task<string> UndoAsync(AuthHost host)
    {
        await host.PostAsync("/auth/logout", SignedOut.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await host.RevokeAllAsync(Former.Id);
        foreach (var link in Links)
            await host.Http.TryResetAsync(link, NewPassword()).ExpectAsync(HttpStatusCode.OK);
        foreach (var code in Codes[..2])
            await UseCodeAsync(host, code);
        await ExpectEndedAsync(host);
        return (await host.ReadFeedAsync(await host.AdminTokenAsync(), cursor: null, wait: 0)).Text("cursor");
    }

    /// <summary>Fails unless everything is good again. Without this a test would not notice that nothing was restored.</summary>
    public async Task ExpectBackAsync(AuthHost restored)
    {
        await restored.UseAsync(SignedOut);
        await restored.UseAsync(Ended);
        await restored.Http.TryResetAsync(Links[0], NewPassword()).ExpectAsync(HttpStatusCode.OK);
        await UseCodeAsync(restored, Codes[0]);
    }

    /// <summary>Fails unless nothing is good any more, and the person with the app signs in with it and gets new recovery codes.</summary>
    public async Task ExpectClosedAsync(AuthHost restored)
    {
        await ExpectEndedAsync(restored);
        await restored.Http.TryResetAsync(Links[1], NewPassword()).ExpectAsync(HttpStatusCode.BadRequest);
        foreach (var code in Codes[1..3])
            await restored.ExpectWrongAsync(await restored.ChallengeAsync(Guarded.Person), code);
        var again = Guarded with { Session = await restored.LoginAsync(Guarded) };
        var status = await restored.GetAsync(SecondFactorCalls.Status, again.Session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal((true, 0), (status.GetProperty("connected").GetBoolean(), status.GetProperty("recoveryCodesLeft").GetInt32()));
        await UseCodeAsync(restored, (await restored.RecoveryCodesAsync(again))[0]);
    }

    private async Task ExpectEndedAsync(AuthHost host)
    {
        await host.ExpectEndedAsync(SignedOut);
        await host.ExpectEndedAsync(Ended);
    }

    private async Task UseCodeAsync(AuthHost host, string code) =>
        await host.TryAnswerAsync(await host.ChallengeAsync(Guarded.Person), code).ExpectAsync(HttpStatusCode.OK);

    private static async Task<string> LinkAsync(AuthHost host)
    {
        var person = await host.CreatePersonAsync(new() { ["passwordResetRequested"] = true });
        return await host.Http.ResetTokenAsync(person.Id, person.Password);
    }
}
