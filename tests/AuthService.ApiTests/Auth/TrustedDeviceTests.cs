using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>People can skip the second step for a while in browsers that they trust, if the settings allow it.</summary>
public abstract class TrustedDeviceTests(AuthHost host, ClassHosts hosts)
{
    private static readonly TimeSpan Trust = TimeSpan.FromDays(30);

    [Fact]
    public async Task It_skips_the_second_step_until_the_time_is_over_and_no_other_browser_does()
    {
        var twin = await TrustingAsync();
        using var frozen = twin.Clock.Freeze();
        var guarded = await twin.GuardedAsync();
        var device = await TrustAsync(twin, guarded);

        twin.Clock.Advance(Trust - TimeSpan.FromMinutes(1));

        var (tokens, _) = await SignInAsync(twin, guarded, device);
        var claims = Requests.ClaimsOf(tokens);
        Assert.Equal(["pwd", "trusted_device"], claims.GetProperty("amr").EnumerateArray().Select(method => method.GetString()), StringComparer.Ordinal);
        Assert.True(claims.GetProperty("twoFactorAuthentication").GetBoolean());
        await OwedAsync(twin, guarded, device: null);
        await OwedAsync(twin, guarded, device, publicComputer: true);
        await OwedAsync(twin, guarded, device, service: "app");
        twin.Clock.Advance(TimeSpan.FromMinutes(1));
        await OwedAsync(twin, guarded, device);
    }

    [Fact]
    public async Task It_is_enough_where_everybody_needs_a_second_factor_but_no_fresh_proof()
    {
        var twin = await TrustingAsync(new() { ["TwoFactor:Required"] = "Everyone" });
        using var frozen = twin.Clock.Freeze();
        var guarded = await twin.GuardedAsync(await host.CreatePersonAsync());
        var (tokens, _) = await SignInAsync(twin, guarded, await TrustAsync(twin, guarded));

        await twin.GetAsync(DeviceCalls.Own, tokens).ExpectAsync(HttpStatusCode.OK);
        using var refused = await twin.DeleteAsync(SecondFactorCalls.SetUp, tokens);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("acr_values=\"mfa\"", $"{refused.Headers.WwwAuthenticate}", StringComparison.Ordinal);
        var proved = await twin.TryProveAsync(tokens, new { verificationCode = twin.NextCode(guarded) }).ExpectAsync(HttpStatusCode.OK);
        await twin.DeleteAsync(SecondFactorCalls.SetUp, proved.Text("accessToken")).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task It_is_listed_until_it_is_over()
    {
        var twin = await TrustingAsync();
        using var frozen = twin.Clock.Freeze();
        var guarded = await twin.GuardedAsync();
        var device = await TrustAsync(twin, guarded);
        var until = (twin.Clock.GetUtcNow() + Trust).ToUnixTimeMilliseconds();
        var (tokens, _) = await SignInAsync(twin, guarded, device);

        Assert.Equal(until, Assert.Single(await twin.DevicesAsync(tokens)).GetProperty("trustedUntil").GetInt64());
        Assert.Equal(JsonValueKind.Null, Assert.Single(await host.DevicesAsync(tokens)).GetProperty("trustedUntil").ValueKind); // without the setting
    }

    [Theory]
    [InlineData("forget")]
    [InlineData("password")]
    [InlineData("another app")]
    [InlineData("another person")]
    public async Task It_ends_with(string what)
    {
        var twin = await TrustingAsync();
        using var frozen = twin.Clock.Freeze();
        var guarded = await twin.GuardedAsync();
        var device = await TrustAsync(twin, guarded);
        switch (what)
        {
            case "forget":
                var id = Assert.Single(await twin.DevicesAsync(guarded.Session.AccessToken)).Text("id");
                await twin.DeleteAsync($"{DeviceCalls.Own}/{id}", guarded.Session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);
                break;
            case "password":
                var person = guarded.Person with { Password = NewPassword() };
                await twin.PutAsync($"{Administration.PathOf(person.Id)}/password", await twin.AdminTokenAsync(), new { password = person.Password })
                    .ExpectAsync(HttpStatusCode.NoContent);
                guarded = guarded with { Person = person };
                break;
            case "another app":
                await twin.DeleteAsync(SecondFactorCalls.SetUp, guarded.Session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);
                twin.Clock.Advance(TimeSpan.FromSeconds(1));
                guarded = await twin.GuardedAsync(guarded.Session, guarded.Person);
                break;
            default:
                guarded = await twin.GuardedAsync();
                break;
        }

        await OwedAsync(twin, guarded, device);
    }

    [Fact]
    public async Task Without_the_setting_nothing_is_trusted()
    {
        var twin = await TrustingAsync();
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        var device = await TrustAsync(host, guarded);

        await OwedAsync(host, guarded, device);
        await OwedAsync(twin, guarded, device);
    }

    [Fact]
    public async Task Nobody_trusts_a_browser_by_a_wrong_code()
    {
        var twin = await TrustingAsync();
        using var frozen = twin.Clock.Freeze();
        var guarded = await twin.GuardedAsync();
        var device = await TrustAsync(twin, guarded, trust: false);
        var challenge = await OwedAsync(twin, guarded, device);

        await AnswerAsync(twin, challenge, "000000", device, trust: true).ExpectAsync(HttpStatusCode.Unauthorized);

        await OwedAsync(twin, guarded, device);
    }

    /// <summary>A previous user of the browser may still have the old token.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_token_that_the_browser_had_before_is_not_trusted(bool isKnown)
    {
        var twin = await TrustingAsync();
        using var frozen = twin.Clock.Freeze();
        var guarded = await twin.GuardedAsync();
        var before = isKnown ? await TrustAsync(twin, guarded, trust: false) : $"device_{new string('A', 43)}";

        var device = await TrustAsync(twin, guarded, before: before);

        Assert.NotEqual(before, device, StringComparer.Ordinal);
        await OwedAsync(twin, guarded, before);
        var (tokens, kept) = await SignInAsync(twin, guarded, device);
        Assert.Equal(device, kept);
        Assert.Single(await twin.DevicesAsync(tokens));
    }

    [Fact]
    public async Task The_page_offers_it_where_it_is_allowed_and_the_computer_is_not_public()
    {
        var twin = await TrustingAsync();
        using var frozen = twin.Clock.Freeze();
        var guarded = await twin.GuardedAsync();

        Assert.Contains("Do not ask here again for 30 days", await PageAsync(twin, guarded, publicComputer: false), StringComparison.Ordinal);
        Assert.DoesNotContain("Do not ask", await PageAsync(twin, guarded, publicComputer: true), StringComparison.Ordinal);
        Assert.DoesNotContain("Do not ask", await PageAsync(host, guarded, publicComputer: false), StringComparison.Ordinal);
    }

    private Task<AuthHost> TrustingAsync(Settings? more = null) =>
        hosts.TwinAsync(new Settings { ["TwoFactor:TrustDeviceFor"] = "30.00:00:00" }.With(more ?? []));

    private static async Task<string> PageAsync(AuthHost instance, Guarded guarded, bool publicComputer)
    {
        (string, string)[] fields = [("username", guarded.Person.Id), ("password", guarded.Person.Password), ("service", "web")];
        using var content = new FormUrlEncodedContent(
            [.. fields.Append(("publicComputer", publicComputer ? "true" : "")).Select(field => KeyValuePair.Create(field.Item1, field.Item2))]);
        using var page = await instance.Http.PostAsync("/login", content);
        return await page.Content.ReadAsStringAsync();
    }

    /// <returns>The device cookie of the browser.</returns>
    private static async Task<string> TrustAsync(AuthHost instance, Guarded guarded, bool trust = true, string? before = null)
    {
        var challenge = await OwedAsync(instance, guarded, before);
        using var answer = await AnswerAsync(instance, challenge, instance.NextCode(guarded), before, trust);
        await answer.ExpectAsync(HttpStatusCode.OK);
        return DeviceCalls.DeviceCookieOf(answer)!.Value;
    }

    private static Task<HttpResponseMessage> AnswerAsync(AuthHost instance, string challenge, string code, string? device, bool trust) => instance.SendAsync(
        HttpMethod.Post, SecondFactorCalls.Challenge, json: new { challengeId = challenge, verificationCode = code, trustDevice = trust },
        headers: device is null ? [] : [("Cookie", $"device={device}")]);

    private static async Task<(string AccessToken, string Device)> SignInAsync(AuthHost instance, Guarded guarded, string device)
    {
        using var answer = await instance.TryLoginFromAsync(device, guarded.Person.Id, guarded.Person.Password, "web");
        var tokens = await answer.ExpectAsync(HttpStatusCode.OK);
        return (tokens.Text("accessToken"), DeviceCalls.DeviceCookieOf(answer)!.Value);
    }

    /// <summary>Signs in with the password; returns the challenge, because a code is still required.</summary>
    private static async Task<string> OwedAsync(
        AuthHost instance, Guarded guarded, string? device, string service = "web", bool publicComputer = false)
    {
        using var answer = await instance.LoginWithAsync(
            AuthCalls.Write(
                AuthCalls.Writing.Form, ("username", guarded.Person.Id), ("password", guarded.Person.Password), ("service", service),
                ("publicComputer", publicComputer ? "true" : "false")),
            [("Accept", "application/json"), .. device is null ? Array.Empty<(string, string)>() : [("Cookie", $"device={device}")]]);
        var body = await answer.ExpectAsync(HttpStatusCode.OK);
        return body.Text("2fa");
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : TrustedDeviceTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : TrustedDeviceTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
