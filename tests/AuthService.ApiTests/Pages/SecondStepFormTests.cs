using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.SecondFactorCalls;

namespace AuthService.ApiTests.Pages;

/// <summary>The form of the second step, as a page and as a route of the auth API, completes a sign-in.</summary>
public abstract class SecondStepFormTests(AuthHost host)
{
    private const string Path = "/login/second-step";

    /// <summary>The challenge is only in this form. The person needs it to continue after waiting.</summary>
    [Fact]
    public async Task The_challenge_of_a_call_too_many_stays_in_the_form()
    {
        await using var limited = await host.StartTwinAsync(new() { ["RateLimits:Enabled"] = "true", ["RateLimits:LoginPerIpPerMinute"] = "1" });
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        var challenge = await limited.ChallengeAsync(guarded.Person, "web");
        var form = new (string, string)[] { ("challengeId", challenge), ("verificationCode", "000000"), ("service", "web"), ("publicComputer", "true") };

        using var answer = await SubmitAsync(limited, Path, form);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Contains($"name=\"challengeId\" value=\"{challenge}\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"service\" value=\"web\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"publicComputer\" value=\"true\"", page, StringComparison.Ordinal);
    }

    /// <summary>Otherwise the application's tokens would be in a cookie that scripts can read, and that is sent with every request for a minute.</summary>
    [Theory]
    [InlineData(Path)]
    [InlineData("/auth/2fa/challenge/form")]
    public async Task The_sign_in_of_an_application_goes_on_there(string path)
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        var (challenge, code) = (await host.ChallengeAsync(guarded.Person, "app"), guarded.CodeAt(host.Clock.GetUtcNow() + Step));

        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var answer = await SubmitAsync(host, path, ("challengeId", challenge), ("verificationCode", code), ("service", "app"));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        }

        Assert.NotEmpty((await host.TryAnswerAsync(challenge, code).ExpectAsync(HttpStatusCode.OK)).Text("refreshToken"));
    }

    /// <summary>The response is that of passwordLogin (src/AuthService/README.md#second-factors).</summary>
    [Theory]
    [InlineData("web")]
    [InlineData("app")]
    public async Task Whoever_asks_for_JSON_gets_what_a_sign_in_with_a_password_gives(string service)
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["challengeId"] = await host.ChallengeAsync(guarded.Person, service),
            ["verificationCode"] = guarded.CodeAt(host.Clock.GetUtcNow() + Step),
        };

        using var answer = await host.SendAsync(
            HttpMethod.Post, "/auth/2fa/challenge/form", json: new FormUrlEncodedContent(form), headers: ("Accept", "application/json"));

        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var members = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).EnumerateObject().Select(member => member.Name);
        Assert.Equal(service is "web" ? "accessToken csrfToken" : "accessToken csrfToken refreshToken", string.Join(' ', members));
        var cookies = answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.Select(cookie => cookie.Split('=')[0]) : [];
        Assert.Equal(service is "web", cookies.Contains("refreshToken", StringComparer.Ordinal));
        Assert.DoesNotContain("authState", cookies, StringComparer.Ordinal);
    }

    /// <summary>A person presses enter in the address bar of the second step.</summary>
    [Fact]
    public async Task Its_address_alone_leads_to_the_first_step()
    {
        using var answer = await host.GetAsync(Path);

        Assert.Equal((HttpStatusCode.Found, "/login"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    private static Task<HttpResponseMessage> SubmitAsync(AuthHost host, string path, params (string Name, string Value)[] fields) => host.SendAsync(
        HttpMethod.Post, path, json: new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SecondStepFormTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SecondStepFormTests(store.Host);
}
