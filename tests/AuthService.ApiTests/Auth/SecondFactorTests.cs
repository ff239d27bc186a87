using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using OtpNet;
using Xunit;
using static AuthService.ApiTests.Auth.SecondFactorCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>People connect, use and remove authenticator apps and recovery codes.</summary>
public abstract class SecondFactorTests(AuthHost host)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_app_is_connected_with_its_first_code_and_asked_for_from_then_on()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        var begun = await host.PostAsync(SetUp, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        string[] members = ["challengeId", "otpAuthUri", "qrCodeB64Data", "secret"];
        Assert.Equal(members, begun.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.StartsWith("data:image/png;base64,iVBORw0KGgo", begun.Text("qrCodeB64Data"), StringComparison.Ordinal);
        var address = $"otpauth://totp/localhost:{person.Id}?secret={begun.Text("secret")}&issuer=localhost";
        Assert.StartsWith(address, begun.Text("otpAuthUri"), StringComparison.Ordinal);
        await ExpectStatusAsync(session.AccessToken, connected: false);
        var secret = Base32Encoding.ToBytes(begun.Text("secret"));

        await host.TryAnswerAsync(begun.Text("challengeId"), new Totp(secret).ComputeTotp(host.Clock.GetUtcNow().UtcDateTime))
            .ExpectAsync(HttpStatusCode.NoContent);

        await ExpectStatusAsync(session.AccessToken, connected: true);
        await host.PostAsync(SetUp, session.AccessToken).ExpectAsync(HttpStatusCode.BadRequest);
        var signedIn = await host.LoginAsync(new Guarded(person, secret, session));
        var claims = Requests.ClaimsOf(signedIn.AccessToken);
        Assert.Equal(["pwd", "otp", "mfa"], claims.GetProperty("amr").EnumerateArray().Select(method => method.GetString()), StringComparer.Ordinal);
        Assert.Equal(claims.GetProperty("iat").GetInt64(), claims.GetProperty("auth_time").GetInt64());
        Assert.Equal("pwd otp mfa", (await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={person.Id}&event=sign_in"))[0].Text("detail"));
    }

    [Fact]
    public async Task A_form_gets_the_challenge_in_authState_and_the_answer_as_a_sign_in()
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        using var form = await host.SendAsync(HttpMethod.Post, "/auth/login", json: Form(
            ("username", guarded.Person.Id), ("password", guarded.Person.Password), ("service", "web")));
        var state = StateOf(form);
        Assert.Equal("2fa", Assert.Single(state.EnumerateObject()).Name);
        Assert.Null(SignIns.RefreshCookieOf(form));

        using var answer = await host.SendAsync(
            HttpMethod.Post, "/auth/2fa/challenge/form", json: Form(("challengeId", state.Text("2fa")), ("verificationCode", host.NextCode(guarded))));

        await answer.ExpectAsync(HttpStatusCode.OK);
        Assert.NotNull(SignIns.RefreshCookieOf(answer));
        Assert.Equal(["accessToken", "csrfToken"], StateOf(answer).EnumerateObject().Select(member => member.Name), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_code_is_good_once_and_so_is_a_challenge()
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        var (first, second) = (await host.ChallengeAsync(guarded.Person), await host.ChallengeAsync(guarded.Person));
        var code = host.NextCode(guarded);
        await host.TryAnswerAsync(first, code).ExpectAsync(HttpStatusCode.OK);

        await host.ExpectWrongAsync(second, code);
        await host.ExpectWrongAsync(first, host.NextCode(guarded));
        await host.TryAnswerAsync(second, guarded.CodeAt(host.Clock.GetUtcNow())).ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task The_clock_of_the_phone_may_be_one_step_off(int steps, bool isRight)
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        host.Clock.Advance(5 * Step);

        await host.TryAnswerAsync(await host.ChallengeAsync(guarded.Person), guarded.CodeAt(host.Clock.GetUtcNow() + (steps * Step)))
            .ExpectAsync(isRight ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_number_that_lost_its_zeros_is_the_code()
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        string code;
        do
        {
            code = host.NextCode(guarded);
        }
        while (code[0] != '0');

        await host.TryAnswerAsync(await host.ChallengeAsync(guarded.Person), int.Parse(code, System.Globalization.CultureInfo.InvariantCulture))
            .ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Ten_recovery_codes_are_each_good_once_and_new_ones_void_them()
    {
        var guarded = await host.GuardedAsync();
        var codes = await host.RecoveryCodesAsync(guarded);
        Assert.Equal(10, codes.Distinct(StringComparer.Ordinal).Count());
        await host.TryAnswerAsync(await host.ChallengeAsync(guarded.Person), codes[0]).ExpectAsync(HttpStatusCode.OK);
        await host.TryAnswerAsync(await host.ChallengeAsync(guarded.Person), codes[1].Replace("-", "", StringComparison.Ordinal).ToUpperInvariant())
            .ExpectAsync(HttpStatusCode.OK);

        await host.ExpectWrongAsync(await host.ChallengeAsync(guarded.Person), codes[0]);
        var status = await host.GetAsync(Status, guarded.Session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(8, status.GetProperty("recoveryCodesLeft").GetInt32());
        await host.RecoveryCodesAsync(guarded);
        await host.ExpectWrongAsync(await host.ChallengeAsync(guarded.Person), codes[2]);
    }

    [Fact]
    public async Task Removed_it_is_not_asked_for_any_more()
    {
        var guarded = await host.GuardedAsync();
        var challenge = await host.ChallengeAsync(guarded.Person);

        await host.DeleteAsync(SetUp, guarded.Session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);

        await host.ExpectWrongAsync(challenge, host.NextCode(guarded));
        await host.LoginAsync(guarded.Person);
        await host.DeleteAsync(SetUp, guarded.Session.AccessToken).ExpectAsync(HttpStatusCode.BadRequest);
        await ExpectStatusAsync(guarded.Session.AccessToken, connected: false);
    }

    [Fact]
    public async Task Services_have_none()
    {
        await host.PostAsync(SetUp, await host.NewServiceTokenAsync()).ExpectAsync(HttpStatusCode.Forbidden);
        await host.GetAsync(Status, await host.NewServiceTokenAsync()).ExpectAsync(HttpStatusCode.Forbidden);
    }

    private async Task ExpectStatusAsync(string token, bool connected)
    {
        var status = await host.GetAsync(Status, token).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal((connected, false), (status.GetProperty("connected").GetBoolean(), status.GetProperty("required").GetBoolean()));
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static System.Text.Json.JsonElement StateOf(HttpResponseMessage response)
    {
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("authState=", StringComparison.Ordinal));
        return System.Text.Json.JsonElement.Parse(Uri.UnescapeDataString(cookie["authState=".Length..cookie.IndexOf(';', StringComparison.Ordinal)]));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SecondFactorTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SecondFactorTests(store.Host);
}
