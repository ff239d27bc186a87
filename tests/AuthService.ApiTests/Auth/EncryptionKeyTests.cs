using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.Principals;
using AuthService.SignIn.SecondFactors;
using Xunit;
using static AuthService.ApiTests.Auth.SecondFactorCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>Codes of authenticator apps keep working while the encryption keys are rotated across instances with different settings.</summary>
public abstract class EncryptionKeyTests(AuthHost host, ClassHosts hosts)
{
    private static readonly string[] FormRoutes = ["/auth/2fa/challenge/form", "/login/second-step"];

    private static readonly EncryptionKey Old = new("old");
    private static readonly EncryptionKey New = new("new");

    [Fact]
    public async Task Without_its_key_a_code_is_503_on_every_route_and_counts_nothing()
    {
        using var frozen = host.Clock.Freeze();
        var before = await WithKeysAsync(Old);
        var after = await WithKeysAsync(New);
        var guarded = await before.GuardedAsync();
        var recoveryCodes = await before.RecoveryCodesAsync(guarded);
        var challenge = await after.ChallengeAsync(guarded.Person);
        var code = before.NextCode(guarded);

        for (var i = 0; i < 21; i++)
        {
            await ExpectKeyMissingAsync(after.TryAnswerAsync(challenge, i % 2 is 0 ? code : "000000"));
            await ExpectKeyMissingAsync(after.TryProveAsync(guarded.Session.AccessToken, new { verificationCode = code }));
            foreach (var route in FormRoutes)
            {
                using var answer = await after.PostAsync(route, json: FormOf(challenge, code));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            }
        }

        Assert.Equal(1, await CountAsync(guarded.Person, "wrong_codes = 0 AND closed_until IS NULL"));
        await after.TryAnswerAsync(await after.ChallengeAsync(guarded.Person), recoveryCodes[0]).ExpectAsync(HttpStatusCode.OK);
        await after.TryProveAsync(guarded.Session.AccessToken, new { verificationCode = recoveryCodes[1] }).ExpectAsync(HttpStatusCode.OK);
        await before.TryAnswerAsync(challenge, code).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task With_another_key_of_the_same_name_a_code_is_503_too_and_stays_good()
    {
        using var frozen = host.Clock.Freeze();
        var before = await WithKeysAsync(Old);
        await using var after = await host.StartTwinAsync(EncryptionKey.SettingsOf(new EncryptionKey(Old.Id)));
        var guarded = await before.GuardedAsync();
        var challenge = await after.ChallengeAsync(guarded.Person);
        var code = before.NextCode(guarded);

        await ExpectKeyMissingAsync(after.TryAnswerAsync(challenge, code));
        await ExpectKeyMissingAsync(after.TryProveAsync(guarded.Session.AccessToken, new { verificationCode = code }));

        await before.TryAnswerAsync(challenge, code).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_no_code_of_an_app_is_wrong_and_counts_without_the_key_too()
    {
        var before = await WithKeysAsync(Old);
        var after = await WithKeysAsync(New);
        var guarded = await before.GuardedAsync();
        var challenge = await after.ChallengeAsync(guarded.Person);

        for (var i = 0; i < 5; i++)
            await after.ExpectWrongAsync(challenge, "aaaa-aaaa-aaaa-aaaa");

        Assert.Equal(1, await CountAsync(guarded.Person, "wrong_codes = 5"));
        await after.ExpectWrongAsync(challenge, "000000");
    }

    [Fact]
    public async Task The_page_says_that_a_recovery_code_works()
    {
        var before = await WithKeysAsync(Old);
        var after = await WithKeysAsync(New);
        var guarded = await before.GuardedAsync();

        using var page = await after.PostAsync("/login/second-step", json: FormOf(await after.ChallengeAsync(guarded.Person), "123456"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("Enter a recovery code, or try again later.", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_is_being_connected_waits_for_its_key()
    {
        using var frozen = host.Clock.Freeze();
        var before = await WithKeysAsync(Old);
        var after = await WithKeysAsync(New);
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        var begun = await before.PostAsync(SetUp, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        var guarded = new Guarded(person, OtpNet.Base32Encoding.ToBytes(begun.Text("secret")), session);
        var (challenge, code) = (begun.Text("challengeId"), guarded.CodeAt(host.Clock.GetUtcNow()));

        for (var i = 0; i < 6; i++)
            await ExpectKeyMissingAsync(after.TryAnswerAsync(challenge, code));

        await before.TryAnswerAsync(challenge, code).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_right_code_seals_the_secret_with_the_first_key()
    {
        using var frozen = host.Clock.Freeze();
        var before = await WithKeysAsync(Old);
        var rotated = await WithKeysAsync(New, Old);
        var after = await WithKeysAsync(New);
        var (signsIn, proves) = (await before.GuardedAsync(), await before.GuardedAsync());
        await rotated.ExpectWrongAsync(await rotated.ChallengeAsync(signsIn.Person), "000000");
        Assert.Equal(1, await CountAsync(signsIn.Person, "key_id = 'old'"));

        await rotated.LoginAsync(signsIn);
        await rotated.TryProveAsync(proves.Session.AccessToken, new { verificationCode = rotated.NextCode(proves) }).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(1, await CountAsync(signsIn.Person, "key_id = 'new'"));
        Assert.Equal(1, await CountAsync(proves.Person, "key_id = 'new'"));
        await after.LoginAsync(signsIn);
        await after.LoginAsync(proves);
    }

    [Fact]
    public async Task Of_answers_with_one_code_on_two_instances_one_is_taken_and_the_secret_opens_with_the_first_key()
    {
        using var frozen = host.Clock.Freeze();
        var before = await WithKeysAsync(Old);
        var one = await WithKeysAsync(New, Old);
        await using var other = await one.StartTwinAsync(EncryptionKey.SettingsOf(New, Old));
        var after = await WithKeysAsync(New);
        for (var round = 0; round < 5; round++)
        {
            var guarded = await before.GuardedAsync();
            string[] challenges = [];
            while (challenges.Length < 6)
                challenges = [.. challenges, await one.ChallengeAsync(guarded.Person)];
            var code = one.NextCode(guarded);

            var statuses = await Task.WhenAll(challenges.Select(async (challenge, i) =>
            {
                using var answer = await (i % 2 is 0 ? one : other).TryAnswerAsync(challenge, code);
                return answer.StatusCode;
            }));

            Assert.Single(statuses, status => status is HttpStatusCode.OK);
            Assert.Equal(5, statuses.Count(status => status is HttpStatusCode.Unauthorized));
            await after.LoginAsync(guarded);
        }
    }

    /// <summary>The app is replaced by another one after a code was checked and before it is used up.</summary>
    [Fact]
    public async Task The_secret_of_an_app_that_was_connected_meanwhile_stays()
    {
        using var frozen = host.Clock.Freeze();
        var before = await WithKeysAsync(Old);
        var rotated = await WithKeysAsync(New, Old);
        var guarded = await before.GuardedAsync();
        var code = VerificationCode.Parse(guarded.CodeAt(host.Clock.GetUtcNow() + Step));
        var number = await host.CallAsync<PrincipalStore, long>(async principals => (await principals.FindByIdAsync(guarded.Person.Id))!.Number);
        var judged = await rotated.CallAsync<CodeVerifier, CodeVerdict>(codes => codes.JudgeAsync(number, code));
        await before.DeleteAsync(SetUp, guarded.Session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);
        var another = await before.GuardedAsync(guarded.Session, guarded.Person);

        await rotated.CallAsync<CodeVerifier, bool>(codes => codes.TryUseAsync(Assert.IsType<CodeVerdict.Possible>(judged)));

        Assert.Equal(1, await CountAsync(guarded.Person, "key_id = 'old'"));
        host.Clock.Advance(Step);
        await before.LoginAsync(another);
    }

    private Task<AuthHost> WithKeysAsync(params EncryptionKey[] keys) => hosts.TwinAsync(EncryptionKey.SettingsOf(keys));

    private Task<long> CountAsync(Person person, string condition) =>
        host.Database.CountAsync($"totp_factors JOIN principals ON number = principal_number WHERE id = '{person.Id}' AND {condition}");

    private static async Task ExpectKeyMissingAsync(Task<HttpResponseMessage> sending) =>
        Assert.Equal("ENCRYPTION_NOT_CONFIGURED", (await sending.ExpectAsync(HttpStatusCode.ServiceUnavailable)).Text("errorCode"));

    private static FormUrlEncodedContent FormOf(string challenge, string code) =>
        new(new Dictionary<string, string>(StringComparer.Ordinal) { ["challengeId"] = challenge, ["verificationCode"] = code, ["service"] = "app" });

    [Collection("sqlite 2")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : EncryptionKeyTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres 2")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : EncryptionKeyTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
