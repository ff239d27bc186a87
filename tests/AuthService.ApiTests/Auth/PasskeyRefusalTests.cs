using System.Net;
using System.Text;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.PasskeyCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>Everything that is not a valid passkey gets the same refusal and changes nothing.</summary>
public abstract class PasskeyRefusalTests(AuthHost host)
{
    private static readonly Dictionary<string, Action<SoftwareAuthenticator>> Forgeries = new(StringComparer.Ordinal)
    {
        ["origin"] = forged => forged.Origin = "https://evil.example.com",
        ["port"] = forged => forged.Origin = "http://localhost:81",
        ["trusted origin that is no origin of passkeys"] = forged => forged.Origin = AuthHost.Origin,
        ["relying party"] = forged => forged.RelyingPartyId = "evil.example.com",
        ["challenge"] = forged => forged.Challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ["ceremony"] = forged => forged.Type = "payment.get",
        ["frame of another site"] = forged => forged.IsCrossOrigin = true,
        ["no verified user"] = forged => forged.VerifiesUser = false,
    };

    private static readonly Dictionary<string, Action<SoftwareAuthenticator>> SignInForgeries = new(Forgeries, StringComparer.Ordinal)
    {
        ["signature"] = forged => forged.SignsRight = false,
        ["nobody's"] = forged => forged.UserHandle = "MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw",
        ["without a person"] = forged => forged.UserHandle = null,
        ["count back"] = forged => forged.Count = 3,
        ["count stays"] = forged => forged.Count = 9,
        ["count to zero"] = forged => forged.Count = uint.MaxValue,
    };

    public static TheoryData<string> SetUps => [.. Forgeries.Keys];

    public static TheoryData<string> Assertions => [.. SignInForgeries.Keys];

    [Theory]
    [MemberData(nameof(Assertions))]
    public async Task A_forged_sign_in_is_refused(string forgery)
    {
        using var authenticator = new SoftwareAuthenticator { Count = 9 };
        var (person, session) = await host.PasskeyOwnerAsync(authenticator);
        await host.LoginAsync(authenticator); // the count becomes 10
        var before = Assert.Single(await host.PasskeysAsync(session.AccessToken)).ToString();
        SignInForgeries[forgery](authenticator);

        await host.TryLoginAsync(authenticator).ExpectIncorrectAsync();

        Assert.Equal(before, Assert.Single(await host.PasskeysAsync(session.AccessToken)).ToString());
        var signIns = await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={person.Id}&event=sign_in");
        Assert.Single(signIns, entry => entry.Text("detail") == "hwk mfa");
    }

    [Theory]
    [MemberData(nameof(SetUps))]
    public async Task A_forged_passkey_is_not_kept(string forgery)
    {
        using var authenticator = new SoftwareAuthenticator();
        var session = await host.SignedInPersonAsync();
        Forgeries[forgery](authenticator);
        var prompt = await host.NewPasskeyPromptAsync(session.AccessToken);

        await host.TryAddPasskeyAsync(session.AccessToken, prompt, authenticator.Create(prompt.Options)).ExpectIncorrectAsync(HttpStatusCode.Forbidden);

        Assert.Empty(await host.PasskeysAsync(session.AccessToken));
        Assert.Equal(["pwd"], MethodsOf(await host.RefreshAsync(session.RefreshToken)));
    }

    [Fact]
    public async Task An_answer_is_looked_at_once()
    {
        using var authenticator = new SoftwareAuthenticator { IsSynced = true };
        await host.PasskeyOwnerAsync(authenticator);
        var (prompt, wasted) = (await host.PasskeyPromptAsync(), await host.PasskeyPromptAsync());
        var credential = authenticator.Get(prompt.Options);
        await host.TryPasskeyLoginAsync(wasted, credential).ExpectIncorrectAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.TryPasskeyLoginAsync(prompt, credential)));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.OK);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode is HttpStatusCode.Unauthorized));
        await host.TryPasskeyLoginAsync(wasted, authenticator.Get(wasted.Options)).ExpectIncorrectAsync();
    }

    [Fact]
    public async Task Of_two_signatures_with_one_count_the_second_is_refused_also_at_the_same_moment()
    {
        using var authenticator = new SoftwareAuthenticator();
        await host.PasskeyOwnerAsync(authenticator);
        var prompts = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.PasskeyPromptAsync()));
        var credentials = prompts.Select(prompt =>
        {
            authenticator.Count = 0;
            return (prompt, authenticator.Get(prompt.Options));
        }).ToArray();

        var answers = await Task.WhenAll(credentials.Select(given => host.TryPasskeyLoginAsync(given.prompt, given.Item2)));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.OK);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode is HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task A_challenge_is_good_for_its_service_and_its_purpose_for_ten_minutes()
    {
        using var frozen = host.Clock.Freeze();
        using var authenticator = new SoftwareAuthenticator();
        var (_, session) = await host.PasskeyOwnerAsync(authenticator);
        var (foreign, late, proof) = (await host.PasskeyPromptAsync("web"), await host.PasskeyPromptAsync(), await host.ProofPromptAsync(session.AccessToken));

        await host.TryPasskeyLoginAsync(foreign, authenticator.Get(foreign.Options), "app").ExpectIncorrectAsync();
        await host.TryPasskeyLoginAsync(proof, authenticator.Get(proof.Options)).ExpectIncorrectAsync();
        var signIn = await host.PasskeyPromptAsync();
        await host.TryProveAsync(session.AccessToken, new { challengeId = signIn.ChallengeId, credential = authenticator.Get(signIn.Options) })
            .ExpectIncorrectAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(10));
        await host.TryPasskeyLoginAsync(late, authenticator.Get(late.Options)).ExpectIncorrectAsync();
        await host.TryAnswerAsync((await host.PasskeyPromptAsync()).ChallengeId, "123456").RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Somebody_elses_passkey_proves_and_makes_nothing()
    {
        using var authenticator = new SoftwareAuthenticator();
        using var strangers = new SoftwareAuthenticator { CredentialId = authenticator.CredentialId };
        var (owner, session) = await host.PasskeyOwnerAsync(authenticator);
        var stranger = await host.SignedInPersonAsync();
        var (proof, setUp) = (await host.ProofPromptAsync(stranger.AccessToken), await host.NewPasskeyPromptAsync(stranger.AccessToken));

        await host.TryProveAsync(stranger.AccessToken, new { challengeId = proof.ChallengeId, credential = authenticator.Get(proof.Options) })
            .ExpectIncorrectAsync();
        await host.TryAddPasskeyAsync(stranger.AccessToken, setUp, strangers.Create(setUp.Options)).ExpectIncorrectAsync(HttpStatusCode.Forbidden);
        var foreign = await host.NewPasskeyPromptAsync(session.AccessToken);
        using var mine = new SoftwareAuthenticator();
        await host.TryAddPasskeyAsync(stranger.AccessToken, foreign, mine.Create(foreign.Options)).ExpectIncorrectAsync(HttpStatusCode.Forbidden);

        Assert.Empty(await host.PasskeysAsync(stranger.AccessToken));
        strangers.UserHandle = authenticator.UserHandle;
        await host.TryLoginAsync(strangers).ExpectIncorrectAsync();
        Assert.Equal(owner.Id, Requests.ClaimsOf((await host.LoginAsync(authenticator)).AccessToken).Text("sub"));
    }

    [Fact]
    public async Task Whoever_is_disabled_is_refused_and_whoever_must_choose_a_password_is_told()
    {
        using var authenticator = new SoftwareAuthenticator();
        var (person, _) = await host.PasskeyOwnerAsync(authenticator);
        var (admin, path) = (await host.AdminTokenAsync(), Administration.PathOf(person.Id));
        await host.PatchAsync(path, admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);
        await host.TryLoginAsync(authenticator).ExpectIncorrectAsync();

        await host.PatchAsync(path, admin, new { state = "ENABLED", passwordResetRequested = true }).ExpectAsync(HttpStatusCode.OK);

        var refusal = await host.TryLoginAsync(authenticator).RefusalAsync(HttpStatusCode.Forbidden);
        Assert.Equal("PASSWORD_RESET_REQUESTED", refusal.Code);
    }

    [Theory]
    [InlineData("""{"service":"app"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"service":"app","challengeId":"x"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"service":"app","challengeId":"x","credential":null}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"service":"no-such","challengeId":"x","credential":{}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"challengeId":"x","credential":{}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"service":"app","challengeId":"x","credential":{}}""", HttpStatusCode.Unauthorized)]
    [InlineData("""{"service":"app","challengeId":"ID","credential":{}}""", HttpStatusCode.Unauthorized)]
    [InlineData("""{"service":"app","challengeId":"ID","credential":"text"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"service":"app","challengeId":"ID","credential":[1,2]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"service":"app","challengeId":"ID","credential":{"id":"!","type":"public-key","response":{}}}""", HttpStatusCode.Unauthorized)]
    public async Task What_is_no_credential_is_refused(string body, HttpStatusCode status)
    {
        var prompt = await host.PasskeyPromptAsync();
        var json = new StringContent(body.Replace("ID", prompt.ChallengeId, StringComparison.Ordinal), Encoding.UTF8, "application/json");

        await host.PostAsync(Login, json: json).ExpectAsync(status);
    }

    [Fact]
    public async Task Another_site_signs_nobody_in()
    {
        using var authenticator = new SoftwareAuthenticator();
        await host.PasskeyOwnerAsync(authenticator);
        var prompt = await host.PasskeyPromptAsync();
        var credential = authenticator.Get(prompt.Options);

        await host.TryPasskeyLoginAsync(prompt, credential, "app", ("Origin", "https://evil.example.com")).ExpectAsync(HttpStatusCode.Forbidden);
        await host.SendAsync(HttpMethod.Post, SignInOptions, json: new { service = "app" }, headers: ("Origin", "https://evil.example.com"))
            .ExpectAsync(HttpStatusCode.Forbidden);
        await host.PostAsync(SignInOptions, json: new { service = "no-such" }).ExpectAsync(HttpStatusCode.BadRequest);

        await host.TryPasskeyLoginAsync(prompt, credential, "app", ("Origin", AuthHost.Origin)).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Services_make_none() => await host.PostAsync(SetUpOptions, await host.NewServiceTokenAsync()).ExpectAsync(HttpStatusCode.Forbidden);

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : PasskeyRefusalTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : PasskeyRefusalTests(store.Host);
}
