using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>Creates the people and services that a verification uses, and removes them at its end.</summary>
internal sealed class TestAccounts(Deployment deployment, string administrator)
{
    /// <summary>The prefix of every id, by which the remains of an interrupted verification can be found.</summary>
    public const string Prefix = "verify-";

    private readonly List<string> _made = [];
    private IReadOnlyDictionary<string, string> _loginServices = new Dictionary<string, string>(StringComparer.Ordinal);

    public string Administrator { get; } = administrator;

    /// <summary>Creates and removes a person. Only this shows whether the administrator's sign-in is fresh enough.</summary>
    /// <exception cref="CheckFailedException">The administrator's token is not accepted.</exception>
    public async Task PrepareAsync()
    {
        var answer = (await deployment.GetAsync("/admin/login-services", Administrator)).Expect(HttpStatusCode.OK);
        _loginServices = answer.Json.EnumerateArray()
            .ToDictionary(service => service.GetProperty("name").GetString()!, service => service.GetProperty("mode").GetString()!, StringComparer.Ordinal);
        var person = await CreatePersonAsync();
        (await DeleteAsync(person.Id)).Expect(HttpStatusCode.NoContent);
        _made.Remove(person.Id);
    }

    /// <returns>The name of a login service of that mode.</returns>
    /// <exception cref="CheckLeftOutException">There is no such login service.</exception>
    public string LoginService(string mode) =>
        _loginServices.FirstOrDefault(service => service.Value.Equals(mode, StringComparison.OrdinalIgnoreCase)).Key
        ?? throw new CheckLeftOutException($"no login service has the mode {mode}");

    public async Task<TestPerson> CreatePersonAsync()
    {
        var person = new TestPerson(Name(Prefix), $"Aa1-{RandomNumberGenerator.GetHexString(32, lowercase: true)}");
        var answer = await CreateAsync(person.Id, new JsonObject
        {
            ["id"] = person.Id,
            ["password"] = person.Password,
            ["passwordResetRequested"] = false,
        });
        return person with { Uuid = answer.Member("uuid") };
    }

    /// <returns>An access token of a new service.</returns>
    public async Task<string> CreateServiceAsync()
    {
        var id = Name("_" + Prefix);
        var created = await CreateAsync(id, new JsonObject { ["id"] = id, ["type"] = "SERVICE" });
        return (await deployment.PostAsync("/auth/refresh", created.Member("refreshToken"))).Expect(HttpStatusCode.OK).Member("accessToken");
    }

    /// <summary>Signs a person in. The response contains the refresh token.</summary>
    public async Task<TestSession> SignInAsync(TestPerson person)
    {
        var answer = (await TrySignInAsync(person, "Application")).Expect(HttpStatusCode.OK);
        return new TestSession(Usable(answer.Member("accessToken")), answer.Member("refreshToken"));
    }

    /// <param name="person">The person.</param>
    /// <param name="mode">The mode of the login service.</param>
    /// <param name="password">A password to send instead of the person's own.</param>
    public Task<Answer> TrySignInAsync(TestPerson person, string mode, string? password = null) =>
        deployment.SendAsync(SignIn(person, mode, password));

    public Call SignIn(TestPerson person, string mode, string? password = null) => new(HttpMethod.Post, "/auth/login")
    {
        Form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["username"] = person.Id,
            ["password"] = password ?? person.Password,
            ["service"] = LoginService(mode),
        },
        Headers = [("Accept", "application/json"), ("Origin", deployment.Origin)],
    };

    /// <exception cref="CheckFailedException">Some accounts could not be removed.</exception>
    public async Task RemoveAsync()
    {
        List<string> left = [];
        foreach (var id in _made)
        {
            try
            {
                var answer = await DeleteAsync(id);
                if (answer.Status is not HttpStatusCode.NotFound)
                    answer.Expect(HttpStatusCode.NoContent);
            }
            catch (Exception error) when (error is CheckFailedException or HttpRequestException or SocketException or TaskCanceledException)
            {
                left.Add(id);
            }
        }

        CheckFailedException.Unless(left.Count == 0, $"still there: {string.Join(", ", left)}");
    }

    private static string Name(string prefix) => prefix + RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>
    /// Creates an account. Its id is remembered before the call and kept unless the response is a 4xx: without a response the account may exist.
    /// </summary>
    private async Task<Answer> CreateAsync(string id, JsonObject body)
    {
        _made.Add(id);
        var answer = await deployment.SendUninterruptedAsync(new Call(HttpMethod.Post, "/admin/principals") { Bearer = Administrator, Body = body });
        if ((int)answer.Status is >= 400 and < 500)
            _made.Remove(id);
        return answer.Expect(HttpStatusCode.Created);
    }

    private Task<Answer> DeleteAsync(string id) => deployment.SendUninterruptedAsync(
        new Call(HttpMethod.Delete, $"/admin/principals/{Uri.EscapeDataString(id)}") { Bearer = Administrator });

    private static string Usable(string accessToken) =>
        new JsonWebToken(accessToken).TryGetPayloadValue<bool>("twoFactorAuthentication", out var isMet) && !isMet
            ? throw new CheckLeftOutException("the deployment demands a second factor of everybody (TwoFactor:Required)")
            : accessToken;
}

/// <param name="Id">The user name.</param>
/// <param name="Password">The password in plain text.</param>
internal sealed record TestPerson(string Id, string Password)
{
    public string Uuid { get; init; } = "";
}

/// <param name="AccessToken">The newest access token.</param>
/// <param name="RefreshToken">The refresh token of the session.</param>
internal sealed record TestSession(string AccessToken, string RefreshToken);
