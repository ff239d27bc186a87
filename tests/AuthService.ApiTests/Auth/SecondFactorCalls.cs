using System.Net;
using AuthService.ApiTests.Hosting;
using OtpNet;

namespace AuthService.ApiTests.Auth;

/// <summary>A person with an authenticator app.</summary>
public sealed record Guarded(Person Person, byte[] Secret, SignedIn Session)
{
    public string CodeAt(DateTimeOffset moment) => new Totp(Secret).ComputeTotp(moment.UtcDateTime);
}

/// <summary>Makes the calls of UCloud's client for second factors.</summary>
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

    /// <summary>Signs in with the password; returns the challenge for the second factor.</summary>
    public static async Task<string> ChallengeAsync(this AuthHost host, Person person, string service = "app")
    {
        using var response = await host.TryLoginAsync(person.Id, person.Password, service);
        Xunit.Assert.False(response.Headers.Contains("Set-Cookie"));
        var body = await response.ExpectAsync(HttpStatusCode.OK);
        Xunit.Assert.Equal("2fa", Xunit.Assert.Single(body.EnumerateObject()).Name);
        return body.Text("2fa");
    }

    /// <summary>Signs a person in and connects an authenticator app, which uses up the current code. Creates the person if there is none.</summary>
    public static async Task<Guarded> GuardedAsync(this AuthHost host, Person? person = null)
    {
        person ??= await host.CreatePersonAsync();
        return await host.GuardedAsync(await host.LoginAsync(person), person);
    }

    /// <summary>Connects an authenticator app in an existing session.</summary>
    public static async Task<Guarded> GuardedAsync(this AuthHost host, SignedIn session, Person person)
    {
        using var frozen = host.Clock.Freeze(); // on a busy machine the code could expire before it is used
        var begun = await host.PostAsync(SetUp, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        var guarded = new Guarded(person, Base32Encoding.ToBytes(begun.Text("secret")), session);
        await host.TryAnswerAsync(begun.Text("challengeId"), guarded.CodeAt(host.Clock.GetUtcNow())).ExpectAsync(HttpStatusCode.NoContent);
        return guarded;
    }

    /// <summary>Returns a code that was not used yet. The clock advances by one step, and the service also accepts the code of the next step.</summary>
    public static string NextCode(this AuthHost host, Guarded guarded)
    {
        host.Clock.Advance(Step);
        return guarded.CodeAt(host.Clock.GetUtcNow());
    }

    /// <summary>Signs in with both factors.</summary>
    public static async Task<SignedIn> LoginAsync(this AuthHost host, Guarded guarded)
    {
        using var frozen = host.Clock.Freeze();
        var challenge = await host.ChallengeAsync(guarded.Person);
        var body = await host.TryAnswerAsync(challenge, host.NextCode(guarded)).ExpectAsync(HttpStatusCode.OK);
        return new SignedIn(body.Text("accessToken"), body.Text("csrfToken"), body.Text("refreshToken"), CookieName: null);
    }

    public static Task<HttpResponseMessage> TryProveAsync(this AuthHost host, string token, object proof) => host.PostAsync(Reauthenticate, token, proof);

    /// <summary>Replaces the recovery codes; returns the ten new ones.</summary>
    public static async Task<string[]> RecoveryCodesAsync(this AuthHost host, Guarded guarded)
    {
        var body = await host.PostAsync(RecoveryCodes, guarded.Session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        return [.. body.GetProperty("codes").EnumerateArray().Select(code => code.GetString()!)];
    }

    /// <summary>Fails unless the response is the one refusal that every wrong code gets.</summary>
    public static async Task ExpectWrongAsync(this AuthHost host, string challenge, object code)
    {
        var refusal = await host.TryAnswerAsync(challenge, code).ExpectAsync(HttpStatusCode.Unauthorized);
        Xunit.Assert.Equal(("Incorrect code", "INCORRECT_CODE"), (refusal.Text("why"), refusal.Text("errorCode")));
    }
}
