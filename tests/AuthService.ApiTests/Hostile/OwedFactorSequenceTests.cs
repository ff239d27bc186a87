using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.SecondFactorCalls;

namespace AuthService.ApiTests.Hostile;

/// <summary>No sequence of calls gives a person who must still set up a second factor a token for more than the set-up.</summary>
public abstract class OwedFactorSequenceTests(Store store) : IAsyncLifetime
{
    private const int CallsOfSequence = 12;

    private AuthHost _host = null!;

    public async Task InitializeAsync() => _host = await AuthHost.StartAsync(store, new() { ["TwoFactor:Required"] = "Admins" });

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Whatever_is_called_in_whatever_order_every_token_is_stopped()
    {
        var (chance, given) = (new Random(Effort.Seed), 0);
        for (var sequence = 0; sequence < Effort.Of(10, 500); sequence++)
        {
            var session = await _host.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
            var (tokens, refreshTokens, history) = (new List<string> { session.AccessToken }, new List<string> { session.RefreshToken }, new List<string>());
            for (var call = 0; call < CallsOfSequence; call++)
            {
                var (name, answer) = await CallAsync(chance.Next(13), Any(tokens), Any(refreshTokens));
                history.Add(name);
                tokens.AddRange(TokensIn(answer, "accessToken"));
                refreshTokens.AddRange(TokensIn(answer, "refreshToken"));
            }

            foreach (var token in tokens)
                await ExpectStoppedAsync(token, $"seed {Effort.Seed}: {string.Join(", ", history)}");
            given += tokens.Count - 1;
        }

        Assert.True(given > 0, $"seed {Effort.Seed}: no call gave a token");

        T Any<T>(List<T> list) => list[chance.Next(list.Count)];
    }

    private async Task<(string Name, JsonElement Answer)> CallAsync(int which, string token, string refreshToken)
    {
        var (name, sending) = which switch
        {
            0 => ("login", _host.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword)),
            1 => ("refresh", _host.TryRefreshAsync(refreshToken)),
            2 => ("prove", _host.TryProveAsync(token, new { password = AuthHost.AdminPassword })),
            3 => ("set-up without the code", WrongSetUpAsync(token)),
            4 => ("one-time token", _host.PostAsync("/auth/request?audience=files:read", token)),
            5 => ("grant", _host.PostAsync("/oauth/token", json: new FormUrlEncodedContent(
                [new("grant_type", "refresh_token"), new("refresh_token", refreshToken)]))),
            6 => ("recovery codes", _host.PostAsync(RecoveryCodes, token)),
            7 => ("login by a form", _host.PostAsync("/auth/login", json: new FormUrlEncodedContent(
                [new("username", AuthHost.AdminId), new("password", AuthHost.AdminPassword), new("service", "web")]))),
            8 => ("second step of nobody", _host.TryAnswerAsync(Guid.NewGuid().ToString("N"), "000000")),
            9 => ("passkey set-up without a passkey", WrongPasskeyAsync(token)),
            10 => ("own password", _host.PutAsync("/account/password", token, new
            {
                currentPassword = AuthHost.AdminPassword,
                newPassword = AuthHost.AdminPassword,
            })),
            11 => ("another account", _host.PostAsync("/account/identities/start", token, new { provider = 1 })),
            _ => ("status", _host.GetAsync(Status, token)),
        };
        using var response = await sending;
        Assert.True((int)response.StatusCode < 500, $"{name}: {response.StatusCode}");
        var body = await response.Content.ReadAsStringAsync();
        return (name, response.IsSuccessStatusCode && body.StartsWith('{') ? JsonElement.Parse(body) : default);
    }

    private async Task<HttpResponseMessage> WrongSetUpAsync(string token)
    {
        var begun = await _host.PostAsync(SetUp, token).ExpectAsync(HttpStatusCode.OK);
        return await _host.TryAnswerAsync(begun.Text("challengeId"), "000000");
    }

    private async Task<HttpResponseMessage> WrongPasskeyAsync(string token)
    {
        var begun = await _host.PostAsync(PasskeyCalls.SetUpOptions, token).ExpectAsync(HttpStatusCode.OK);
        var credential = new { id = "x", type = "public-key" };
        return await _host.PostAsync(PasskeyCalls.Own, token, new { challengeId = begun.Text("challengeId"), credential });
    }

    /// <summary>
    /// Fails unless calls with the token are refused only because of the missing factor. None of these calls ends a session. The token must not be a one-time
    /// token, which other services would accept.
    /// </summary>
    private async Task ExpectStoppedAsync(string token, string sequence)
    {
        Assert.False(Requests.ClaimsOf(token).TryGetProperty("jti", out _), $"a one-time token after {sequence}");
        foreach (var path in new[] { AccountCalls.Sessions, "/auth/sessions", "/admin/principals" })
        {
            using var response = await _host.GetAsync(path, token);
            Assert.True(response.StatusCode is HttpStatusCode.Forbidden, $"{path} is {response.StatusCode} after {sequence}");
            Assert.Contains("TWO_FACTOR_REQUIRED", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> TokensIn(JsonElement answer, string name)
    {
        string[] names = name is "accessToken" ? [name, "access_token"] : [name, "refresh_token"];
        return answer.ValueKind is not JsonValueKind.Object ? [] : names
            .Where(member => answer.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String)
            .Select(member => answer.Text(member));
    }

    public sealed class OnSqlite() : OwedFactorSequenceTests(Store.Sqlite);

    public sealed class OnPostgres() : OwedFactorSequenceTests(Store.Postgres);
}
