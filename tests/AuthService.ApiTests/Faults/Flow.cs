using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using AuthService.ApiTests.Sessions;
using OtpNet;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>Prepares everything that a call needs, and gets the call, which may be repeated.</summary>
internal delegate Task<Func<Task<HttpResponseMessage>>> Preparation(AuthHost host);

/// <summary>A call that changes something, or is refused.</summary>
/// <param name="Answer">The status of the response when nothing fails.</param>
/// <param name="Again">The status of the response to a repeat of a call that was carried out.</param>
/// <param name="PrepareAsync">Prepares the call.</param>
internal sealed record Flow(HttpStatusCode Answer, HttpStatusCode Again, Preparation PrepareAsync)
{
    /// <summary>The change when only the first of two calls was carried out: a challenge that was not used and expires.</summary>
    private const string Asked = "sign_in_challenges +1";

    private const string NewerPassword = "Zebra-41-Lantern-Quartz!";

    private const HttpStatusCode Ok = HttpStatusCode.OK;
    private const HttpStatusCode Created = HttpStatusCode.Created;
    private const HttpStatusCode Done = HttpStatusCode.NoContent;
    private const HttpStatusCode Unauthorized = HttpStatusCode.Unauthorized;
    private const HttpStatusCode Forbidden = HttpStatusCode.Forbidden;
    private const HttpStatusCode Conflict = HttpStatusCode.Conflict;

    /// <summary>The changes that are allowed when the call is not carried out.</summary>
    public string MayLeave { get; init; } = "";

    /// <summary>The calls that succeed unless something fails.</summary>
    public static IReadOnlyDictionary<string, Flow> All { get; } = new Dictionary<string, Flow>(StringComparer.Ordinal)
    {
        ["login"] = new(Ok, Ok, WithPerson((host, person) => host.TryLoginAsync(person.Id, person.Password))),
        ["refresh"] = new(Ok, Ok, WithSession("app", (host, session) => host.TryRefreshAsync(session.RefreshToken))),
        ["refresh web"] = new(Ok, Ok, WithSession("web", (host, session) => host.TryWebRefreshAsync(session))),
        ["logout"] = new(Done, Unauthorized, WithSession("app", (host, session) => host.PostAsync("/auth/logout", session.RefreshToken))),
        ["logout web"] = new(Done, Done, WithSession("web", (host, session) => host.TryWebLogoutAsync(session))),
        ["own sessions"] = new(Done, Unauthorized, WithSession("app", (host, session) => host.DeleteAsync("/auth/sessions", session.AccessToken))),
        ["all sessions"] = new(Ok, Unauthorized, WithSession("app", (host, session) => host.DeleteAsync("/account/auth/sessions/all", session.AccessToken))),
        ["bulk invalidate"] = new(Done, Done, async host =>
        {
            var (service, one, other) = (await host.NewServiceTokenAsync(), await host.SignedInPersonAsync(), await host.SignedInPersonAsync());
            var tokens = new[] { one.RefreshToken, other.RefreshToken };
            return () => host.PostAsync("/auth/logout/bulk", service, new { tokens });
        }),
        ["one-time token"] = new(Ok, Ok, WithSession("app", (host, session) => host.TryRequestOneTimeTokenAsync(session.AccessToken, "files:read"))),
        ["claim"] = new(Done, Conflict, WithService((host, service, name) => host.TryClaimAsync(service, name))),
        ["extension"] = new(Ok, Ok, async host =>
        {
            var (service, session) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync());
            return () => host.TryExtendAsync(service, session.AccessToken, ["files:read"], allowRefreshes: true);
        }),
        ["create session"] = new(Created, Created, async host =>
        {
            var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
            return () => host.TryOpenAsync(service, person.Uuid);
        }),
        ["keep alive"] = new(Ok, Ok, WithOpened((host, service, id) => host.GetAsync($"/sessions/{id}?keepAlive=true", service))),
        ["enable for a product"] = new(Done, Done, WithOpened((host, service, id) => host.TryEnableForAsync(service, id))),
        ["end session"] = new(Done, HttpStatusCode.NotFound, WithOpened((host, service, id) => host.DeleteAsync($"/sessions/{id}", service))),
        ["impersonation"] = new(Ok, Conflict, async host =>
        {
            var ((administrator, session), person) = (await host.ImpersonatorAsync(), await host.CreatePersonAsync());
            var other = await host.LoginAsync(administrator);
            return () => host.TryImpersonateAsync(other.AccessToken, session.SessionId, person.Uuid);
        }),
        ["create application"] = new(Created, Conflict, WithService((host, service, uid) =>
            host.PostAsync(AppTokenCalls.Applications, service, new { name = "n", uid }))),
        ["create application with a key"] = new(Created, Created, WithService((host, service, uid) =>
            host.PostWithKeyAsync(AppTokenCalls.Applications, service, key: uid, new { name = "n", uid }))),
        ["magic link"] = new(Ok, Ok, WithService((host, service, uid) =>
            host.PostAsync(AppTokenCalls.PortalOf(uid), service, new { application = new { name = "n", uid } }))),
        ["create person"] = new(Created, Conflict, WithAdmin((host, admin, person) =>
            host.PostAsync(Administration.Root, admin, new { id = $"{person.Id}-2", password = NewerPassword }))),
        ["change person"] = new(Ok, Ok, WithAdmin((host, admin, person) =>
            host.PatchAsync(Administration.PathOf(person.Id), admin, new { role = "ADMIN" }))),
        ["delete person"] = new(Done, HttpStatusCode.NotFound, WithAdmin((host, admin, person) => host.DeleteAsync(Administration.PathOf(person.Id), admin))),
        ["set a password"] = new(Done, Done, WithAdmin((host, admin, person) =>
            host.PutAsync($"{Administration.PathOf(person.Id)}/password", admin, new { password = NewerPassword }))),
        ["change the own password"] = new(Done, Unauthorized, async host =>
        {
            var person = await host.CreatePersonAsync();
            var session = await host.LoginAsync(person);
            return () => host.PutAsync("/account/password", session.AccessToken, new { currentPassword = person.Password, newPassword = NewerPassword });
        }),
        ["second step"] = new(Ok, Unauthorized, WithChallenge((host, challenge, code) => host.TryAnswerAsync(challenge, code))),
        ["connect an app"] = new(Done, Unauthorized, async host =>
        {
            var session = await host.SignedInPersonAsync();
            var begun = await host.PostAsync(SecondFactorCalls.SetUp, session.AccessToken).ExpectAsync(Ok);
            var code = new Totp(Base32Encoding.ToBytes(begun.Text("secret"))).ComputeTotp(host.Clock.GetUtcNow().UtcDateTime);
            return () => host.TryAnswerAsync(begun.Text("challengeId"), code);
        }),
        ["new recovery codes"] = new(Ok, Ok, async host =>
        {
            var guarded = await host.GuardedAsync();
            return () => host.PostAsync(SecondFactorCalls.RecoveryCodes, guarded.Session.AccessToken);
        }),
        ["claim by an API key"] = new(Done, Conflict, async host =>
        {
            var (key, jti) = (await host.NewApiKeyAsync(), NewName("jti"));
            return () => host.TryClaimAsync(key.Key, jti);
        }),
        ["introspection"] = new(Ok, Ok, WithIntrospector((host, service, session) => host.IntrospectionAsync(service, session.AccessToken))),
        ["revocation of a refresh token"] = new(Ok, Ok, WithIntrospector((host, service, session) => host.RevokeAsync(service, session.RefreshToken))),
        ["sign-in with a passkey"] = new(Ok, Ok, WithPasskey((host, _, authenticator) => AnswerAsync(
            host.PostAsync(PasskeyCalls.SignInOptions, json: new { service = "app" }),
            prompt => host.TryPasskeyLoginAsync(prompt, authenticator.Get(prompt.Options)))))
        {
            MayLeave = Asked,
        },
        ["proof by a passkey"] = new(Ok, Ok, WithPasskey((host, session, authenticator) => AnswerAsync(
            host.PostAsync(PasskeyCalls.ProofOptions, session.AccessToken),
            prompt => host.TryProveAsync(session.AccessToken, new { challengeId = prompt.ChallengeId, credential = authenticator.Get(prompt.Options) }))))
        {
            MayLeave = Asked,
        },
        ["a new passkey"] = new(Created, Created, WithSession("app", (host, session) => AnswerAsync(
            host.PostAsync(PasskeyCalls.SetUpOptions, session.AccessToken),
            async prompt =>
            {
                using var authenticator = new SoftwareAuthenticator();
                return await host.TryAddPasskeyAsync(session.AccessToken, prompt, authenticator.Create(prompt.Options));
            })))
        {
            MayLeave = Asked,
        },
    };

    /// <summary>The calls that are always refused, whatever fails.</summary>
    public static IReadOnlyDictionary<string, Flow> Refusals { get; } = new Dictionary<string, Flow>(StringComparer.Ordinal)
    {
        ["wrong password"] = new(Unauthorized, Unauthorized, WithPerson((host, person) => host.TryLoginAsync(person.Id, "Wrong-41-Lantern-Quartz!"))),
        ["refresh of an ended session"] = new(Unauthorized, Unauthorized, WithEnded((host, session) => host.TryRefreshAsync(session.RefreshToken))),
        ["access token of an ended session"] = new(Unauthorized, Unauthorized, WithEnded((host, session) =>
            host.GetAsync("/auth/sessions", session.AccessToken))),
        ["extension of a revoked token"] = new(Unauthorized, Unauthorized, async host =>
        {
            var (service, session) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync());
            await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(Done);
            return () => host.TryExtendAsync(service, session.AccessToken, ["files:read"], allowRefreshes: true);
        }),
        ["claim of what is claimed"] = new(Conflict, Conflict, async host =>
        {
            var (service, jti) = (await host.NewServiceTokenAsync(), NewName("jti"));
            await host.TryClaimAsync(service, jti).ExpectAsync(Done);
            return () => host.TryClaimAsync(service, jti);
        }),
        ["administration by a user"] = new(Forbidden, Forbidden, WithSession("app", (host, session) =>
            host.GetAsync(Administration.Root, session.AccessToken))),
        ["second step with a wrong code"] = new(Unauthorized, Unauthorized, WithChallenge((host, challenge, code) =>
            host.TryAnswerAsync(challenge, code[..^1] + (code[^1] is '0' ? '1' : '0')))),
        ["second step with a used code"] = new(Unauthorized, Unauthorized, async host =>
        {
            var guarded = await host.GuardedAsync();
            var (first, second, code) = (await host.ChallengeAsync(guarded.Person), await host.ChallengeAsync(guarded.Person), host.NextCode(guarded));
            await host.TryAnswerAsync(first, code).ExpectAsync(Ok);
            return () => host.TryAnswerAsync(second, code);
        }),
        ["sign-in with a forged passkey"] = new(Unauthorized, Unauthorized, WithPasskey((host, _, authenticator) => AnswerAsync(
            host.PostAsync(PasskeyCalls.SignInOptions, json: new { service = "app" }),
            prompt =>
            {
                authenticator.SignsRight = false;
                return host.TryPasskeyLoginAsync(prompt, authenticator.Get(prompt.Options));
            }))),
        ["impersonation without the right"] = new(Forbidden, Forbidden, async host =>
        {
            var (service, user, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync(), await host.CreatePersonAsync());
            var session = await host.OpenAsync(service, user);
            return () => host.TryImpersonateAsync(service, session, person.Uuid);
        }),
    };

    private static Preparation WithPerson(Func<AuthHost, Person, Task<HttpResponseMessage>> call) => async host =>
    {
        var person = await host.CreatePersonAsync();
        return () => call(host, person);
    };

    private static Preparation WithSession(string service, Func<AuthHost, SignedIn, Task<HttpResponseMessage>> call) => async host =>
    {
        var session = await host.SignedInPersonAsync(service);
        return () => call(host, session);
    };

    private static Preparation WithEnded(Func<AuthHost, SignedIn, Task<HttpResponseMessage>> call) => async host =>
    {
        var session = await host.SignedInPersonAsync();
        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(Done);
        return () => call(host, session);
    };

    /// <summary>Prepares a call of a service with a name that is used for the first time.</summary>
    private static Preparation WithService(Func<AuthHost, string, string, Task<HttpResponseMessage>> call) => async host =>
    {
        var (service, name) = (await host.NewServiceTokenAsync(), NewName("name"));
        return () => call(host, service, name);
    };

    private static Preparation WithOpened(Func<AuthHost, string, string, Task<HttpResponseMessage>> call) => async host =>
    {
        var service = await host.NewServiceTokenAsync();
        var id = await host.OpenAsync(service, await host.CreatePersonAsync());
        return () => call(host, service, id);
    };

    /// <summary>Prepares a call with the challenge of a sign-in and the right code.</summary>
    private static Preparation WithChallenge(Func<AuthHost, string, string, Task<HttpResponseMessage>> call) => async host =>
    {
        var guarded = await host.GuardedAsync();
        var (challenge, code) = (await host.ChallengeAsync(guarded.Person), host.NextCode(guarded));
        return () => call(host, challenge, code);
    };

    private static Preparation WithIntrospector(Func<AuthHost, string, SignedIn, Task<HttpResponseMessage>> call) => async host =>
    {
        var (service, session) = (await host.NewServiceTokenAsync(), await host.SignedInPersonAsync());
        return () => call(host, service, session);
    };

    private static Preparation WithPasskey(Func<AuthHost, SignedIn, SoftwareAuthenticator, Task<HttpResponseMessage>> call) => async host =>
    {
        var authenticator = new SoftwareAuthenticator();
        var (_, session) = await host.PasskeyOwnerAsync(authenticator);
        return () => call(host, session, authenticator);
    };

    /// <summary>Makes both calls of a passkey ceremony. If the first one fails, it gets its refusal.</summary>
    private static async Task<HttpResponseMessage> AnswerAsync(Task<HttpResponseMessage> asking, Func<PasskeyPrompt, Task<HttpResponseMessage>> answer)
    {
        var options = await asking;
        return options.StatusCode is Ok ? await answer(PasskeyPrompt.Of(await options.ExpectAsync(Ok))) : options;
    }

    private static Preparation WithAdmin(Func<AuthHost, string, Person, Task<HttpResponseMessage>> call) => async host =>
    {
        var person = await host.CreatePersonAsync();
        await host.LoginAsync(person);
        var admin = await host.AdminTokenAsync();
        return () => call(host, admin, person);
    };
}
