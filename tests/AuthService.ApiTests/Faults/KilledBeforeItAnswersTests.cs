using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Recovery;
using Npgsql;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// An instance is killed (SIGKILL) after its database has committed and before the caller has the response. The caller then calls another instance.
/// </summary>
public sealed class KilledBeforeItAnswersTests : IAsyncLifetime
{
    /// <summary>The setting of the encryption key. The other instance must be able to read what one has encrypted.</summary>
    private const string KeyId = "Encryption:Keys:0:KeyId";

    /// <inheritdoc cref="KeyId"/>
    private const string Key = "Encryption:Keys:0:Key";

    private readonly ServiceFolder _folder = new();
    private readonly MailServer _mailServer = MailServer.Start();
    private TestDatabase _database = null!;
    private FaultProxy _proxy = null!;
    private AuthHost _survivor = null!;
    private KillAfterCommit _kill = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Store.Postgres);
        _proxy = new FaultProxy(new NpgsqlConnectionStringBuilder(_database.ConnectionString).Port);
        var settings = ServiceFolder.ForProduction();
        _survivor = await AuthHost.StartOnAsync(_database, _mailServer.Settings.With(new() { [KeyId] = settings[KeyId], [Key] = settings[Key] }));
        var victims = settings.With(_database.ReachedAt(_proxy.Port).Settings).With(new() { ["CleanUp:Interval"] = "1.00:00:00" });
        _kill = new KillAfterCommit(_folder, victims, _database, _proxy);
    }

    [Fact]
    public async Task The_claim_stands()
    {
        var service = await _survivor.CreateServiceAsync();

        var jti = await _kill.RunAsync(async victim =>
        {
            var (token, jti) = (await TokenAsync(victim, service), NewName("jti"));
            return new SingleCall<string>(
                jti, () => victim.SendAsync(HttpMethod.Post, $"/auth/claim?jti={jti}", token), HttpStatusCode.NoContent,
                $"audit_events WHERE event = 'one_time_token_claimed' AND detail = '{jti}'");
        });

        await _survivor.TryClaimAsync(await _survivor.RefreshAsync(service.RefreshToken), jti).ExpectAsync(HttpStatusCode.Conflict);
        await ExpectWholeAsync("claim", "committed, 409 for the retry");
    }

    [Fact]
    public async Task The_application_is_made_once_for_its_key()
    {
        var service = await _survivor.CreateServiceAsync();

        var key = await _kill.RunAsync(async victim =>
        {
            var (token, key) = (await TokenAsync(victim, service), NewName("key"));
            return new SingleCall<string>(key, () => CreateAsync(victim, token, key), HttpStatusCode.Created, $"applications WHERE name = '{key}'");
        });

        var repeat = await CreateAsync(_survivor.Http, await _survivor.RefreshAsync(service.RefreshToken), key).ExpectAsync(HttpStatusCode.Created);
        var snapshot = await DatabaseSnapshot.ReadAsync(_database);
        Assert.Equal(repeat.Text("id"), Assert.Single(snapshot.Applications, made => made.Name == key).Id);
        await ExpectWholeAsync("idempotent POST", "committed, made once, the same answer for the retry");
    }

    [Fact]
    public async Task The_code_of_an_app_is_used_up()
    {
        var lost = await _kill.RunAsync(async victim =>
        {
            var guarded = await _survivor.GuardedAsync();
            return await AnswerAsync(victim, guarded, guarded.CodeAt(_survivor.Clock.GetUtcNow() + SecondFactorCalls.Step));
        });

        var challenge = await ExpectUsedUpAsync(lost);
        Assert.Equal(1, await _database.CountAsync( // refused also while its time has not passed
            $"totp_factors JOIN principals ON number = principal_number WHERE id = '{lost.Guarded.Person.Id}' AND last_step > connected_at / 30000000"));
        using var frozen = _survivor.Clock.Freeze();
        _survivor.Clock.Advance(SecondFactorCalls.Step);
        var next = lost.Guarded.CodeAt(_survivor.Clock.GetUtcNow() + SecondFactorCalls.Step);
        await _survivor.TryAnswerAsync(challenge, next).ExpectAsync(HttpStatusCode.OK);
        await ExpectWholeAsync("authenticator code", "committed, 401 for the retry and for another challenge");
    }

    [Fact]
    public async Task The_recovery_code_is_used_up()
    {
        string[] codes = [];
        var lost = await _kill.RunAsync(async victim =>
        {
            var guarded = await _survivor.GuardedAsync();
            codes = await _survivor.RecoveryCodesAsync(guarded);
            return await AnswerAsync(victim, guarded, codes[0]);
        });

        var challenge = await ExpectUsedUpAsync(lost);
        Assert.Equal(codes.Length - 1, await _database.CountAsync(
            $"recovery_codes JOIN principals ON number = principal_number WHERE id = '{lost.Guarded.Person.Id}'"));
        await _survivor.TryAnswerAsync(challenge, codes[1]).ExpectAsync(HttpStatusCode.OK);
        await ExpectWholeAsync("recovery code", "committed, 401 for the retry and for another challenge");
    }

    [Fact]
    public async Task The_link_for_a_new_password_is_used_up()
    {
        var lost = await _kill.RunAsync(async victim =>
        {
            var (person, address) = await _survivor.ReachablePersonAsync();
            await _survivor.RequestResetAsync(address);
            var reset = (Person: person with { Password = NewPassword() }, Token: await new Mailbox(_mailServer).TokenAsync(address, Mailbox.Reset));
            return new SingleCall<(Person Person, string Token)>(
                reset, () => victim.TryResetAsync(reset.Token, reset.Person.Password), HttpStatusCode.OK, PasswordsOf(person));
        });

        await _survivor.Http.TryResetAsync(lost.Token, lost.Person.Password).ExpectAsync(HttpStatusCode.BadRequest);
        await _survivor.Http.TryResetAsync(lost.Token, NewPassword()).ExpectAsync(HttpStatusCode.BadRequest);
        await _survivor.LoginAsync(lost.Person);
        Assert.Equal(1, await _database.CountAsync(PasswordsOf(lost.Person)));
        await ExpectWholeAsync("link for a new password", "committed, 400 for the retry and for another password");
    }

    public async Task DisposeAsync()
    {
        await _survivor.DisposeAsync();
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
        await _mailServer.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<string> TokenAsync(HttpClient victim, Service service) =>
        (await victim.SendAsync(HttpMethod.Post, "/auth/refresh", service.RefreshToken).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

    private static Task<HttpResponseMessage> CreateAsync(HttpClient http, string token, string key) =>
        http.SendAsync(HttpMethod.Post, "/api/v1/app", token, new { name = key }, ("Idempotency-Key", key));

    private static string PasswordsOf(Person person) => $"audit_events WHERE event = 'password_set' AND outcome = 0 AND principal = '{person.Id}'";

    /// <summary>The sign-ins with a second factor.</summary>
    private static string SignInsOf(Guarded guarded) =>
        $"""
        audit_events WHERE event = 'sign_in' AND outcome = 0 AND principal = '{guarded.Person.Id}' AND number >
            (SELECT number FROM audit_events WHERE event = 'second_factor_connected' AND outcome = 0 AND principal = '{guarded.Person.Id}')
        """;

    private async Task<SingleCall<Answer>> AnswerAsync(HttpClient victim, Guarded guarded, string code)
    {
        var answer = new Answer(guarded, await _survivor.ChallengeAsync(guarded.Person), code);
        var body = new { challengeId = answer.Challenge, verificationCode = code };
        return new SingleCall<Answer>(
            answer, () => victim.SendAsync(HttpMethod.Post, SecondFactorCalls.Challenge, json: body), HttpStatusCode.OK, SignInsOf(guarded));
    }

    /// <summary>Fails unless the code and its challenge are refused on the other instance.</summary>
    /// <returns>Another challenge, which the code did not answer.</returns>
    private async Task<string> ExpectUsedUpAsync(Answer lost)
    {
        await _survivor.ExpectWrongAsync(lost.Challenge, lost.Code);
        var another = await _survivor.ChallengeAsync(lost.Guarded.Person);
        await _survivor.ExpectWrongAsync(another, lost.Code);
        Assert.Equal(1, await _database.CountAsync(SignInsOf(lost.Guarded)));
        return another;
    }

    private async Task ExpectWholeAsync(string call, string figures)
    {
        Checker.Expect([.. (await DatabaseSnapshot.ReadAsync(_database)).FindHalves()]);
        ProofTable.Add("Faults", $"SIGKILL between commit and answer: {call}", figures);
    }

    /// <summary>A code that answers a challenge.</summary>
    private sealed record Answer(Guarded Guarded, string Challenge, string Code);
}
