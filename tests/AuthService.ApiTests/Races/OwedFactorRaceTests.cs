using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>
/// Two more instances on the same database require a second factor. Whatever happens at the same time, a person who still has to set one up gets no
/// full token.
/// </summary>
public abstract class OwedFactorRaceTests(Twins twins) : IAsyncLifetime
{
    private AuthHost[] _demanding = [];

    public async Task InitializeAsync()
    {
        var settings = twins.Settings(new() { ["TwoFactor:Required"] = "Everyone" });
        _demanding = [await twins.One.StartTwinAsync(settings), await twins.One.StartTwinAsync(settings)];
    }

    public async Task DisposeAsync()
    {
        foreach (var instance in _demanding)
            await instance.DisposeAsync();
    }

    [Fact]
    public Task No_refresh_during_wrong_first_codes_gives_one() =>
        twins.PlayAsync("refreshes against wrong first codes, a factor owed", Effort.Of(10, 500), async round =>
        {
            var session = await Any(round).LoginAsync(await twins.One.CreatePersonAsync());
            var begun = await Any(round).PostAsync(SecondFactorCalls.SetUp, session.AccessToken).ExpectAsync(HttpStatusCode.OK);

            var calls = await round.AtOnceAsync(8, (_, i) => i % 2 == 0
                ? BodyAsync(() => _demanding[i / 2 % 2].TryRefreshAsync(session.RefreshToken))
                : BodyAsync(() => _demanding[i / 2 % 2].TryAnswerAsync(begun.Text("challengeId"), "12345")));

            await ExpectOwingAsync(round, calls, atLeast: 4);
        });

    /// <summary>Before the app is removed the sign-in requires a code, afterwards a new app.</summary>
    [Fact]
    public async Task No_sign_in_during_the_removal_of_an_app_gives_one()
    {
        using var frozen = twins.One.Clock.Freeze();
        await twins.PlayAsync("sign-ins with a password against the removal of an app, a factor demanded", Effort.Of(10, 500), async round =>
        {
            var guarded = await twins.One.GuardedAsync();
            var token = await Any(round).RefreshAsync(guarded.Session.RefreshToken);

            var signingIn = round.Start(4, (_, i) => BodyAsync(() => _demanding[i % 2].TryLoginAsync(guarded.Person.Id, guarded.Person.Password)));
            await round.PauseAsync();
            await Any(round).DeleteAsync(SecondFactorCalls.SetUp, token).ExpectAsync(HttpStatusCode.NoContent);

            await ExpectOwingAsync(round, await Task.WhenAll(signingIn), atLeast: 0);
        });
    }

    /// <summary>Checks that each of the tokens allows only the set-up of a factor.</summary>
    private async Task ExpectOwingAsync(Round round, IEnumerable<JsonElement> answers, int atLeast)
    {
        var tokens = answers.Where(answer => answer.ValueKind is JsonValueKind.Object && answer.TryGetProperty("accessToken", out _))
            .Select(answer => answer.Text("accessToken")).ToList();
        Assert.True(tokens.Count >= atLeast, $"{tokens.Count} tokens, not {atLeast}");
        foreach (var token in tokens)
        {
            Assert.False(Requests.ClaimsOf(token).GetProperty("twoFactorAuthentication").GetBoolean());
            await Any(round).GetAsync(AccountCalls.Sessions, token).ExpectAsync(HttpStatusCode.Forbidden);
        }
    }

    private AuthHost Any(Round round) => round.OneOf(_demanding);

    private static async Task<JsonElement> BodyAsync(Func<Task<HttpResponseMessage>> send)
    {
        using var response = await Repeats.WhileUnavailableAsync(send);
        var body = await response.Content.ReadAsStringAsync();
        return response.StatusCode is HttpStatusCode.OK ? JsonElement.Parse(body) : default;
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : OwedFactorRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : OwedFactorRaceTests(twins);
}
