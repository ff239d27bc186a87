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
    private const string Passkey = "/auth/passkeys/login";

    private static readonly string[] FirstSteps = ["/auth/login as JSON", "/auth/login as a form", "/login"];
    private static readonly string[] SecondSteps = ["/auth/2fa/challenge", "/auth/2fa/challenge/form", "/login/second-step"];
    private static readonly string[] Obstacles = ["locked", "disabled", "deleted", "owes a new password"];

    public static TheoryData<string, string> FirstStepsAndObstacles => Pairs(FirstSteps, [.. Obstacles, "owes a factor"]);

    public static TheoryData<string> Hindrances => [.. Obstacles];

    public static TheoryData<string> Ways => [.. FirstSteps, .. SecondSteps, Passkey];

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
        await ExpectOnRecordAsync(person, obstacle);
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
        await ExpectOnRecordAsync(guarded.Person, obstacle);
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
        await ExpectOnRecordAsync(person, obstacle);
    }

    /// <summary>
    /// They are read as they were, and changed before the session is made. A session that is made after all would be refused here, but whoever checks its
    /// tokens offline would hear nothing of it.
    /// </summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Who_is_changed_meanwhile_gets_none(string route)
    {
        using var frozen = host.Clock.Freeze();
        using var authenticator = new SoftwareAuthenticator();
        var guarded = SecondSteps.Contains(route) ? await host.GuardedAsync() : null;
        var person = guarded?.Person ?? (route is Passkey ? (await host.PasskeyOwnerAsync(authenticator)).Person : await host.CreatePersonAsync());
        var challenge = guarded is null ? null : await host.ChallengeAsync(person, "web");

        await using var change = await host.Database.BeginAsync(
            $"UPDATE principals SET state = 1, security_stamp = security_stamp + 1 WHERE id = '{person.Id}'");
        var call = guarded is not null ? AnswerAsync(route, challenge!, guarded.CodeAt(host.Clock.GetUtcNow() + Step))
            : route is Passkey ? host.TryLoginAsync(authenticator, "web")
            : SignInAsync(route, person);
        Assert.NotSame(call, await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(300))));
        await change.Transaction.CommitAsync();

        await ExpectNoneAsync(call);
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

    /// <summary>Whatever was shown, the attempt on a locked name is in the log.</summary>
    private async Task ExpectOnRecordAsync(Person person, string obstacle)
    {
        if (obstacle is not "locked")
            return;
        var entries = await host.AuditAsync(await host.AdminTokenAsync(), $"?event=sign_in&principal={person.Id}");
        Assert.Single(entries, entry => entry.GetProperty("detail").GetString() == "locked");
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
