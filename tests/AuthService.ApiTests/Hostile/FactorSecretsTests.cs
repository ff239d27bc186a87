using System.Buffers.Text;
using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using OtpNet;
using Xunit;
using static AuthService.ApiTests.Auth.SecondFactorCalls;

namespace AuthService.ApiTests.Hostile;

/// <summary>No secret of a second factor is stored or logged: codes, recovery codes and passkeys, at a sign-in and within a session, right and wrong.</summary>
public abstract class FactorSecretsTests(Store store)
{
    /// <summary>A wrong code in the format of a recovery code.</summary>
    private const string WrongCode = "cana-ryco-dewr-ong2";

    [Fact]
    public async Task No_secret_of_an_authenticator_app_is_left_anywhere()
    {
        await using var traced = await TracedHost.StartAsync(store);
        var (host, secrets, person) = (traced.Host, traced.Secrets, await traced.NewPersonAsync());
        using var frozen = host.Clock.Freeze();
        secrets.Add("wrong code", WrongCode).Add("wrong code", Plain(WrongCode));

        var guarded = await ConnectAsync(traced, person);
        await traced.ExpectNothingLeakedAsync();
        var challenge = await ChallengeAsync(traced, person);
        await host.ExpectWrongAsync(challenge, WrongCode);
        await host.TryAnswerAsync($"{challenge}x", WrongCode).RefusalAsync(HttpStatusCode.Unauthorized);
        await SignInAsync(traced, challenge, Code(traced, guarded));
        await host.ExpectWrongAsync(await ChallengeAsync(traced, person), guarded.CodeAt(host.Clock.GetUtcNow()));
        await host.TryProveAsync(guarded.Session.AccessToken, new { verificationCode = WrongCode }).RefusalAsync(HttpStatusCode.Unauthorized);
        var proved = await host.TryProveAsync(guarded.Session.AccessToken, new { verificationCode = Code(traced, guarded) }).ExpectAsync(HttpStatusCode.OK);
        secrets.AddJwt("proved", proved.Text("accessToken"));

        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_recovery_code_is_left_anywhere()
    {
        await using var traced = await TracedHost.StartAsync(store);
        var (host, person) = (traced.Host, await traced.NewPersonAsync());
        using var frozen = host.Clock.Freeze();
        var guarded = await ConnectAsync(traced, person);

        var codes = await host.RecoveryCodesAsync(guarded);
        foreach (var code in codes)
            traced.Secrets.Add("recovery code", code).Add("recovery code", Plain(code)).Add("recovery code", Base32Encoding.ToBytes(Plain(code)));
        await SignInAsync(traced, await ChallengeAsync(traced, person), codes[0]);
        await host.ExpectWrongAsync(await ChallengeAsync(traced, person), codes[0]);
        await host.ExpectWrongAsync(await ChallengeAsync(traced, person), $"{codes[1]}a");
        await host.TryProveAsync(guarded.Session.AccessToken, new { verificationCode = codes[1] }).ExpectAsync(HttpStatusCode.OK);

        await traced.ExpectNothingLeakedAsync();
    }

    [Fact]
    public async Task No_secret_of_a_second_step_is_left_anywhere_when_the_database_fails()
    {
        await using var traced = await TracedHost.StartAsync(store);
        var (host, person) = (traced.Host, await traced.NewPersonAsync());
        using var frozen = host.Clock.Freeze();
        var guarded = await ConnectAsync(traced, person);
        var (challenge, code) = (await ChallengeAsync(traced, person), Code(traced, guarded));

        await host.Database.ExecuteAsync("ALTER TABLE totp_factors RENAME TO totp_factors_gone");
        await host.TryAnswerAsync(challenge, code).ExpectAsync(HttpStatusCode.ServiceUnavailable);
        await host.TryProveAsync(guarded.Session.AccessToken, new { verificationCode = code }).ExpectAsync(HttpStatusCode.ServiceUnavailable);

        await traced.ExpectNothingLeakedAsync();
    }

    /// <summary>The signed data is not secret. The challenge id next to it identifies the sign-in that the response belongs to.</summary>
    [Fact]
    public async Task No_secret_of_a_passkey_is_left_anywhere()
    {
        await using var traced = await TracedHost.StartAsync(store);
        using var authenticator = new SoftwareAuthenticator();
        var (host, person) = (traced.Host, await traced.NewPersonAsync());
        var session = await host.LoginAsync(person);
        traced.Secrets.Add("session", session);

        var making = Noted(traced, await host.NewPasskeyPromptAsync(session.AccessToken));
        await host.TryAddPasskeyAsync(session.AccessToken, making, authenticator.Create(making.Options)).ExpectAsync(HttpStatusCode.Created);
        foreach (var isRight in new[] { true, false })
        {
            authenticator.SignsRight = isRight;
            var (prompt, proof) = (Noted(traced, await host.PasskeyPromptAsync()), Noted(traced, await host.ProofPromptAsync(session.AccessToken)));
            var (signedIn, proved) = (authenticator.Get(prompt.Options), authenticator.Get(proof.Options));
            foreach (var signed in new[] { signedIn, proved })
                traced.Secrets.Add("signature", Base64Url.DecodeFromChars(signed.GetProperty("response").Text("signature")));
            await traced.ExpectNothingLeakedAsync();

            using var answer = await host.TryPasskeyLoginAsync(prompt, signedIn);
            var again = await host.TryPasskeyLoginAsync(prompt, signedIn).RefusalAsync(HttpStatusCode.Unauthorized);
            using var proving = await host.TryProveAsync(session.AccessToken, new { challengeId = proof.ChallengeId, credential = proved });

            Assert.Equal("INCORRECT_PASSKEY", again.Code);
            Assert.Equal((isRight, isRight), (answer.IsSuccessStatusCode, proving.IsSuccessStatusCode));
            if (isRight)
                AddSession(traced, await answer.ExpectAsync(HttpStatusCode.OK));
        }

        await traced.ExpectNothingLeakedAsync();
    }

    private static string Plain(string code) => code.Replace("-", "", StringComparison.Ordinal);

    private static async Task<Guarded> ConnectAsync(TracedHost traced, Person person)
    {
        var (host, secrets, session) = (traced.Host, traced.Secrets, await traced.Host.LoginAsync(person));
        var begun = await host.PostAsync(SetUp, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        var guarded = new Guarded(person, Base32Encoding.ToBytes(begun.Text("secret")), session);
        secrets.Add("session", session).AddToken("set-up", begun.Text("challengeId"))
            .Add("secret of the app", begun.Text("secret")).Add("secret of the app", guarded.Secret);
        await traced.ExpectNothingLeakedAsync();
        var code = guarded.CodeAt(host.Clock.GetUtcNow());
        secrets.AddDigits("code", code);
        await host.TryAnswerAsync(begun.Text("challengeId"), code).ExpectAsync(HttpStatusCode.NoContent);
        return guarded;
    }

    private static string Code(TracedHost traced, Guarded guarded)
    {
        var code = traced.Host.NextCode(guarded);
        traced.Secrets.AddDigits("code", code);
        return code;
    }

    private static async Task<string> ChallengeAsync(TracedHost traced, Person person)
    {
        var challenge = await traced.Host.ChallengeAsync(person);
        traced.Secrets.AddToken("challenge", challenge);
        return challenge;
    }

    private static async Task SignInAsync(TracedHost traced, string challenge, string code) =>
        AddSession(traced, await traced.Host.TryAnswerAsync(challenge, code).ExpectAsync(HttpStatusCode.OK));

    private static void AddSession(TracedHost traced, System.Text.Json.JsonElement answer) => traced.Secrets.Add(
        "signed in", new SignedIn(answer.Text("accessToken"), answer.Text("csrfToken"), answer.Text("refreshToken"), CookieName: null));

    private static PasskeyPrompt Noted(TracedHost traced, PasskeyPrompt prompt)
    {
        traced.Secrets.AddToken("ceremony", prompt.ChallengeId);
        return prompt;
    }

    public sealed class OnSqlite() : FactorSecretsTests(Store.Sqlite);

    public sealed class OnPostgres() : FactorSecretsTests(Store.Postgres);
}
