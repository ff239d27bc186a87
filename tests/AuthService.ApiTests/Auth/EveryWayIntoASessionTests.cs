using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.SecondFactorCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>Every route that can make a session for a person who signs in, with everything that keeps a person from one.</summary>
public abstract class EveryWayIntoASessionTests(AuthHost host)
{
    private static readonly string[] FirstSteps = ["/auth/login as JSON", "/auth/login as a form", "/login"];
    private static readonly string[] SecondSteps = ["/auth/2fa/challenge", "/auth/2fa/challenge/form", "/login/second-step"];
    private static readonly string[] Obstacles = ["locked", "disabled", "deleted", "owes a new password"];

    public static TheoryData<string, string> FirstStepsAndObstacles => Pairs(FirstSteps, [.. Obstacles, "owes a factor"]);

    public static TheoryData<string> Hindrances => [.. Obstacles];

    public static TheoryData<string, string> SecondStepsAndObstacles => Pairs(SecondSteps, Obstacles);

    [Theory]
    [MemberData(nameof(FirstStepsAndObstacles))]
    public async Task The_first_step_makes_none(string route, string obstacle)
    {
        using var frozen = host.Clock.Freeze();
        var guarded = obstacle is "owes a factor" ? await host.GuardedAsync() : null;
        var person = guarded?.Person ?? await host.CreatePersonAsync();
        await PutAsync(person, obstacle);

        await ExpectNoneAsync(SignInAsync(route, person));
    }

    [Theory]
    [MemberData(nameof(SecondStepsAndObstacles))]
    public async Task The_second_step_makes_none(string route, string obstacle)
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        var challenge = await host.ChallengeAsync(guarded.Person, "web");
        await PutAsync(guarded.Person, obstacle);

        await ExpectNoneAsync(AnswerAsync(route, challenge, guarded.CodeAt(host.Clock.GetUtcNow() + Step)));
    }

    /// <summary>A passkey is both steps at once.</summary>
    [Theory]
    [MemberData(nameof(Hindrances))]
    public async Task A_passkey_makes_none(string obstacle)
    {
        using var frozen = host.Clock.Freeze();
        using var authenticator = new SoftwareAuthenticator();
        var (person, _) = await host.PasskeyOwnerAsync(authenticator);
        await PutAsync(person, obstacle);

        await ExpectNoneAsync(host.TryLoginAsync(authenticator, "web"));
    }

    [Fact]
    public async Task Without_an_obstacle_each_makes_one()
    {
        using var authenticator = new SoftwareAuthenticator();
        using var frozen = host.Clock.Freeze();
        await host.PasskeyOwnerAsync(authenticator);
        await ExpectOneAsync(host.TryLoginAsync(authenticator, "web"));
        foreach (var route in FirstSteps)
            await ExpectOneAsync(SignInAsync(route, await host.CreatePersonAsync()));
        foreach (var route in SecondSteps)
        {
            var guarded = await host.GuardedAsync();
            await ExpectOneAsync(AnswerAsync(route, await host.ChallengeAsync(guarded.Person, "web"), host.NextCode(guarded)));
        }
    }

    private static TheoryData<string, string> Pairs(string[] routes, string[] obstacles)
    {
        var pairs = new TheoryData<string, string>();
        foreach (var route in routes)
        {
            foreach (var obstacle in obstacles)
                pairs.Add(route, obstacle);
        }

        return pairs;
    }

    private Task<HttpResponseMessage> SignInAsync(string route, Person person) => route switch
    {
        "/auth/login as JSON" => host.PostAsync("/auth/login", json: new { username = person.Id, password = person.Password, service = "web" }),
        _ => PostFormAsync(
            route.Split(' ')[0], ("username", person.Id), ("password", person.Password), ("service", "web")),
    };

    private Task<HttpResponseMessage> AnswerAsync(string route, string challenge, string code) => route is Challenge
        ? host.TryAnswerAsync(challenge, code)
        : PostFormAsync(route, ("challengeId", challenge), ("verificationCode", code), ("service", "web"));

    private Task<HttpResponseMessage> PostFormAsync(string path, params (string Name, string Value)[] fields) => host.PostAsync(
        path, json: new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    private async Task PutAsync(Person person, string obstacle)
    {
        var admin = await host.AdminTokenAsync();
        switch (obstacle)
        {
            case "locked":
                for (var i = 0; i < 5; i++)
                    await host.TryLoginAsync(person.Id, "wrong").ExpectAsync(HttpStatusCode.Unauthorized);
                break;
            case "disabled":
                await host.PatchAsync(Administration.PathOf(person.Id), admin, new JsonObject { ["state"] = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);
                break;
            case "deleted":
                await host.DeleteAsync(Administration.PathOf(person.Id), admin).ExpectAsync(HttpStatusCode.NoContent);
                break;
            case "owes a new password":
                await host.PatchAsync(Administration.PathOf(person.Id), admin, new JsonObject { ["passwordResetRequested"] = true })
                    .ExpectAsync(HttpStatusCode.OK);
                break;
        }
    }

    private static async Task ExpectNoneAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var body = await response.Content.ReadAsStringAsync();
        Assert.Null(SignIns.RefreshCookieOf(response));
        Assert.DoesNotContain("accessToken", body + string.Concat(response.Headers.Select(header => string.Concat(header.Value))), StringComparison.Ordinal);
    }

    private static async Task ExpectOneAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        await response.ExpectAsync(HttpStatusCode.OK);
        Assert.NotNull(SignIns.RefreshCookieOf(response));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : EveryWayIntoASessionTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : EveryWayIntoASessionTests(store.Host);
}
