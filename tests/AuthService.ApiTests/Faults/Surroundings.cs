using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Recovery;
using AuthService.ApiTests.Webhooks;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// The servers around the instances of trials, which never fail: a mail server and a receiver of webhooks. It also holds the administrator's passkey,
/// because administrators need a second factor.
/// </summary>
internal sealed class Surroundings : IAsyncDisposable
{
    private readonly MailServer _mailServer = MailServer.Start();
    private SoftwareAuthenticator? _passkey;

    private Surroundings(WebhookReceiver webhooks) => Webhooks = webhooks;

    public WebhookReceiver Webhooks { get; }

    public Mailbox Mails => new(_mailServer);

    /// <summary>Every mail that the mail server accepted.</summary>
    public IReadOnlyCollection<MimeKit.MimeMessage> Mailed => _mailServer.Received;

    /// <summary>
    /// The settings of the instances. Access tokens live so long that the feed still names at the end of a load what was revoked at its beginning.
    /// </summary>
    public Settings Settings => _mailServer.Settings.With(WebhookReceiver.Settings).With(new()
    {
        ["TwoFactor:Required"] = "Admins",
        ["RateLimits:Enabled"] = "false",
        ["Jwt:AccessTokenLifetime"] = "06:00:00",
    });

    public static async Task<Surroundings> StartAsync() => new(await WebhookReceiver.StartAsync());

    /// <returns>An access token with both factors.</returns>
    public async Task<string> SignInAdministratorAsync(HttpClient http)
    {
        if (_passkey is null)
        {
            var session = await http.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
            _passkey = await PasskeyUser.AddAsync(http, session.AccessToken);
        }

        var prompt = PasskeyPrompt.Of(await http.SendAsync(HttpMethod.Post, PasskeyCalls.SignInOptions, json: new { service = "app" })
            .ExpectAsync(HttpStatusCode.OK));
        var answer = new { challengeId = prompt.ChallengeId, credential = _passkey.Get(prompt.Options), service = "app" };
        return (await http.SendAsync(HttpMethod.Post, PasskeyCalls.Login, json: answer).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
    }

    public async ValueTask DisposeAsync()
    {
        _passkey?.Dispose();
        await Webhooks.DisposeAsync();
        await _mailServer.DisposeAsync();
    }
}
