using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using OtpNet;

namespace AuthService.ApiTests.Faults;

/// <summary>The code that a person enters as a second step.</summary>
/// <param name="Text">The digits of an app, or a recovery code.</param>
/// <param name="Name">The name of the code, which counts only once: the person and the time step of an app's code, or the recovery code itself.</param>
internal sealed record SecondStepCode(string Text, string Name);

/// <summary>A person of a load with an authenticator app and recovery codes.</summary>
internal sealed class AppUser
{
    private readonly byte[] _secret;
    private readonly TimeSpan _ahead;
    private long _lastStep;

    private AppUser(Person person, byte[] secret, TimeSpan ahead, long lastStep) => (Person, _secret, _ahead, _lastStep) = (person, secret, ahead, lastStep);

    public Person Person { get; }

    public Queue<string> RecoveryCodes { get; private set; } = new();

    /// <summary>Connects an app in a first session and creates recovery codes.</summary>
    public static async Task<AppUser> CreateAsync(HttpClient http, Person person)
    {
        var session = await http.LoginAsync(person.Id, person.Password);
        var issuedAt = Requests.ClaimsOf(session.AccessToken).GetProperty("iat").GetInt64();
        var ahead = DateTimeOffset.FromUnixTimeSeconds(issuedAt) - TimeProvider.System.GetUtcNow();
        var begun = await http.SendAsync(HttpMethod.Post, SecondFactorCalls.SetUp, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        var step = StepAt(ahead);
        var user = new AppUser(person, Base32Encoding.ToBytes(begun.Text("secret")), ahead, step);
        var first = new { challengeId = begun.Text("challengeId"), verificationCode = user.CodeOf(step) };
        await http.SendAsync(HttpMethod.Post, SecondFactorCalls.Challenge, json: first).ExpectAsync(HttpStatusCode.NoContent);
        var token = (await http.SendAsync(HttpMethod.Post, "/auth/refresh", session.RefreshToken).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        var made = await http.SendAsync(HttpMethod.Post, SecondFactorCalls.RecoveryCodes, token).ExpectAsync(HttpStatusCode.OK);
        user.Replace(made.GetProperty("codes").EnumerateArray().Select(code => code.GetString()!));
        return user;
    }

    public void Replace(IEnumerable<string> recoveryCodes) => RecoveryCodes = new Queue<string>(recoveryCodes);

    /// <summary>Gets a code that was not used yet. Without one it gets the code of the app's next time step, which is already accepted.</summary>
    /// <returns>Null when that code was used as well.</returns>
    public SecondStepCode? NextCode()
    {
        var step = StepAt(_ahead);
        if (step <= _lastStep && RecoveryCodes.TryDequeue(out var recovery))
            return new SecondStepCode(recovery, recovery);
        step = Math.Max(step, _lastStep + 1);
        if (step > StepAt(_ahead) + 1)
            return null;
        _lastStep = step;
        return new SecondStepCode(CodeOf(step), $"{Person.Id}/{step}");
    }

    private static long StepAt(TimeSpan ahead) => (TimeProvider.System.GetUtcNow() + ahead).ToUnixTimeSeconds() / (long)SecondFactorCalls.Step.TotalSeconds;

    private string CodeOf(long step) =>
        new Totp(_secret).ComputeTotp(DateTimeOffset.FromUnixTimeSeconds(step * (long)SecondFactorCalls.Step.TotalSeconds).UtcDateTime);
}

/// <summary>A person of a load with a passkey.</summary>
internal sealed record PasskeyUser(Person Person, SoftwareAuthenticator Authenticator)
{
    public static async Task<PasskeyUser> CreateAsync(HttpClient http, Person person)
    {
        var session = await http.LoginAsync(person.Id, person.Password);
        return new PasskeyUser(person, await AddAsync(http, session.AccessToken));
    }

    /// <summary>Creates a passkey in a session that has just begun, at the site of the issuer.</summary>
    public static async Task<SoftwareAuthenticator> AddAsync(HttpClient http, string token)
    {
        var authenticator = CreateAuthenticator(token);
        var prompt = PasskeyPrompt.Of(await http.SendAsync(HttpMethod.Post, PasskeyCalls.SetUpOptions, token).ExpectAsync(HttpStatusCode.OK));
        var made = new { challengeId = prompt.ChallengeId, credential = authenticator.Create(prompt.Options) };
        await http.SendAsync(HttpMethod.Post, PasskeyCalls.Own, token, made).ExpectAsync(HttpStatusCode.Created);
        return authenticator;
    }

    /// <summary>Creates an authenticator for the site of the issuer.</summary>
    public static SoftwareAuthenticator CreateAuthenticator(string token)
    {
        var site = new Uri(Requests.ClaimsOf(token).Text("iss"));
        return new SoftwareAuthenticator { Origin = site.GetLeftPart(UriPartial.Authority), RelyingPartyId = site.Host };
    }
}

/// <summary>A person of a load who changes address and password by mail.</summary>
internal sealed class MailUser(Person person, string address, Mailbox mails)
{
    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);

    public Person Person => person;

    public Mailbox Mails => mails;

    public string Address { get; set; } = address;

    /// <summary>The passwords of which one is right. A change without a response may have been carried out or not.</summary>
    public List<string> Passwords { get; set; } = [person.Password];

    /// <summary>The name in the person's addresses, which no other person has.</summary>
    public string Name { get; } = NameOf(address);

    public static string AddressOf(string name, int number) => $"{name}.{number}@example.com";

    public static string NameOf(string address) => address.Split('.')[0];

    /// <summary>Gets the token of the newest mail that was not opened yet. Null when there is none.</summary>
    public string? TryOpen(string to, string subject)
    {
        if (mails.To(to, subject).LastOrDefault(mail => !_opened.Contains(mail.MessageId!)) is not { } mail)
            return null;
        _opened.Add(mail.MessageId!);
        return Mailbox.TokenOf(mail);
    }
}
