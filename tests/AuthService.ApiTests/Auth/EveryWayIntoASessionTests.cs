using System.Net;
using System.Reflection;
using AuthService.Api.Http.Browser;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.SecondFactorCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>Every route that signs a person in refuses to create a session while something prevents it.</summary>
public abstract class EveryWayIntoASessionTests(AuthHost host)
{
    private const string Passkey = "/auth/passkeys/login";

    /// <summary>Tested in <see cref="IdentityProviders.ProviderObstacleTests"/>.</summary>
    private const string Callback = "/auth/idp/{title}/callback";

    private static readonly string[] FirstSteps = ["/auth/login as JSON", "/auth/login as a form", "/login"];
    private static readonly string[] SecondSteps = ["/auth/2fa/challenge", "/auth/2fa/challenge/form", "/login/second-step"];

    public static TheoryData<string, string> FirstStepsAndObstacles => Pairs(FirstSteps, [.. SignInObstacles.All, SignInObstacles.Factor]);

    public static TheoryData<string> Hindrances => [.. SignInObstacles.All];

    public static TheoryData<string> Ways => [.. FirstSteps, .. SecondSteps, Passkey];

    public static TheoryData<string, string> SecondStepsAndObstacles => Pairs(SecondSteps, SignInObstacles.All);

    [Fact]
    public void These_are_all_the_routes_that_make_sessions_of_sign_ins()
    {
        var routes = from route in host.ListRoutes()
                     where route.Metadata.GetMetadata<MethodInfo>() is { } handler
                         && handler.GetParameters().Any(parameter => parameter.ParameterType == typeof(SignInAnswer))
                     select $"/{route.RoutePattern.RawText!.Trim('/')}";

        Assert.Equal(
            FirstSteps.Concat(SecondSteps).Select(step => step.Split(' ')[0]).Append(Passkey).Append(Callback).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
            routes.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(FirstStepsAndObstacles))]
    public async Task The_first_step_makes_none(string route, string obstacle)
    {
        using var frozen = host.Clock.Freeze();
        var guarded = obstacle is SignInObstacles.Factor ? await host.GuardedAsync() : null;
        var person = guarded?.Person ?? await host.CreatePersonAsync();
        await host.PutAsync(person, obstacle);

        await ExpectNoneAsync(SignInAsync(route, person), SignInObstacles.StatusOf(obstacle));
        await host.ExpectOnRecordAsync(person, obstacle);
    }

    [Theory]
    [MemberData(nameof(SecondStepsAndObstacles))]
    public async Task The_second_step_makes_none(string route, string obstacle)
    {
        using var frozen = host.Clock.Freeze();
        var guarded = await host.GuardedAsync();
        var challenge = await host.ChallengeAsync(guarded.Person, "web");
        await host.PutAsync(guarded.Person, obstacle);

        await ExpectNoneAsync(
            AnswerAsync(route, challenge, guarded.CodeAt(host.Clock.GetUtcNow() + Step)), SignInObstacles.StatusOf(obstacle, isSecondStep: true));
        await host.ExpectOnRecordAsync(guarded.Person, obstacle);
    }

    /// <summary>A passkey replaces both steps of a sign-in.</summary>
    [Theory]
    [MemberData(nameof(Hindrances))]
    public async Task A_passkey_makes_none(string obstacle)
    {
        using var frozen = host.Clock.Freeze();
        using var authenticator = new SoftwareAuthenticator();
        var (person, _) = await host.PasskeyOwnerAsync(authenticator);
        await host.PutAsync(person, obstacle);

        await ExpectNoneAsync(host.TryLoginAsync(authenticator, "web"), SignInObstacles.StatusOf(obstacle));
        await host.ExpectOnRecordAsync(person, obstacle);
    }

    /// <summary>
    /// The person is read, then changed, and then the session would be created. This service would refuse such a session, but a
    /// service that verifies its tokens offline would not learn of it.
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
        await change.ExpectToHoldUpAsync(call);
        await change.Transaction.CommitAsync();

        await ExpectNoneAsync(call, HttpStatusCode.Unauthorized);
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

    private static async Task ExpectNoneAsync(Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}, expected {status}: {body}");
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
