using System.Net;
using AuthService.ApiTests.Hosting;
using OtpNet;

namespace AuthService.ApiTests.Auth;

/// <summary>A person with an authenticator app.</summary>
public sealed record Guarded(Person Person, byte[] Secret, SignedIn Session)
{
    public string CodeAt(DateTimeOffset moment) => new Totp(Secret).ComputeTotp(moment.UtcDateTime);
}

/// <summary>The calls of UCloud's client for second factors.</summary>
public static class SecondFactorCalls
{
    public const string SetUp = "/auth/2fa";
    public const string Challenge = "/auth/2fa/challenge";
    public const string Status = "/auth/2fa/status";
    public const string RecoveryCodes = "/auth/2fa/recovery-codes";
    public const string Reauthenticate = "/auth/reauthenticate";

    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    public static Task<HttpResponseMessage> TryAnswerAsync(this AuthHost host, string challenge, object? code, params (string, string)[] headers) =>
        host.SendAsync(HttpMethod.Post, Challenge, json: new { challengeId = challenge, verificationCode = code }, headers: headers);

    /// <summary>A sign-in that ends in a challenge.</summary>
    public static async Task<string> ChallengeAsync(this AuthHost host, Person person, string service = "app")
    {
        using var response = await host.TryLoginAsync(person.Id, person.Password, service);
        Xunit.Assert.False(response.Headers.Contains("Set-Cookie"));
        var body = await response.ExpectAsync(HttpStatusCode.OK);
        Xunit.Assert.Equal("2fa", Xunit.Assert.Single(body.EnumerateObject()).Name);
        return body.Text("2fa");
    }

    /// <summary>A new person who signs in and connects an authenticator app. The code that is used up is the one of this moment.</summary>
    public static async Task<Guarded> GuardedAsync(this AuthHost host, Person? person = null)
    {
        person ??= await host.CreatePersonAsync();
        return await host.GuardedAsync(await host.LoginAsync(person), person);
    }

    /// <summary>The same in a session that there is.</summary>
    public static async Task<Guarded> GuardedAsync(this AuthHost host, SignedIn session, Person person)
    {
        using var frozen = host.Clock.Freeze(); // a busy machine takes longer than a code is good for
        var begun = await host.PostAsync(SetUp, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        var guarded = new Guarded(person, Base32Encoding.ToBytes(begun.Text("secret")), session);
        await host.TryAnswerAsync(begun.Text("challengeId"), guarded.CodeAt(host.Clock.GetUtcNow())).ExpectAsync(HttpStatusCode.NoContent);
        return guarded;
    }

    /// <summary>A code that was not used yet: the clock goes on by a step, and a code of one step ahead counts too.</summary>
    public static string NextCode(this AuthHost host, Guarded guarded)
    {
        host.Clock.Advance(Step);
        return guarded.CodeAt(host.Clock.GetUtcNow());
    }

    /// <summary>A sign-in with both factors.</summary>
    public static async Task<SignedIn> LoginAsync(this AuthHost host, Guarded guarded)
    {
        using var frozen = host.Clock.Freeze();
        var challenge = await host.ChallengeAsync(guarded.Person);
        var body = await host.TryAnswerAsync(challenge, host.NextCode(guarded)).ExpectAsync(HttpStatusCode.OK);
        return new SignedIn(body.Text("accessToken"), body.Text("csrfToken"), body.Text("refreshToken"), CookieName: null);
    }

    public static Task<HttpResponseMessage> TryProveAsync(this AuthHost host, string token, object proof) => host.PostAsync(Reauthenticate, token, proof);

    /// <summary>Ten new ones.</summary>
    public static async Task<string[]> RecoveryCodesAsync(this AuthHost host, Guarded guarded)
    {
        var body = await host.PostAsync(RecoveryCodes, guarded.Session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        return [.. body.GetProperty("codes").EnumerateArray().Select(code => code.GetString()!)];
    }

    /// <summary>The one refusal of whatever must not be told apart.</summary>
    public static async Task ExpectWrongAsync(this AuthHost host, string challenge, object code)
    {
        var refusal = await host.TryAnswerAsync(challenge, code).ExpectAsync(HttpStatusCode.Unauthorized);
        Xunit.Assert.Equal(("Incorrect code", "INCORRECT_CODE"), (refusal.Text("why"), refusal.Text("errorCode")));
    }
}
