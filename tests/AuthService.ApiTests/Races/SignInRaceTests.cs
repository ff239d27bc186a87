using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>
/// Sign-ins race changes of the principal. No session that the old state allowed remains, and services that validate offline learn of each
/// revocation.
/// </summary>
public abstract class SignInRaceTests(Twins twins)
{
    private const string NewPassword = "Zebra-41-Lantern-Quartz!";

    [Theory]
    [InlineData("password")]
    [InlineData("disable")]
    [InlineData("delete")]
    public async Task A_sign_in_that_races_a_change_leaves_no_session(string how)
    {
        var admin = await twins.One.AdminTokenAsync();
        var (tokens, validator) = (new ConcurrentBag<string>(), new OfflineValidator(twins.One, await twins.One.NewServiceTokenAsync()));

        var (_, close) = await twins.PlayAsync($"sign-in against {how}", Effort.Of(80, 1_000), async round =>
        {
            var person = await round.Either().CreatePersonAsync();
            var started = new ConcurrentQueue<(long At, long Until, SignedIn Session)>();
            using var over = new CancellationTokenSource();
            var callers = round.Start(round.Between(1, 3), (instance, _) => SignInAsync(instance, person, started, over.Token));
            while (started.IsEmpty && !callers.Any(caller => caller.IsCompleted))
                await Task.Delay(1);
            await round.PauseAsync();
            var changedAt = Stopwatch.GetTimestamp();

            using (var change = await ChangeAsync(round.Either(), admin, person, how))
                Assert.True(change.IsSuccessStatusCode, change.StatusCode.ToString());
            var acknowledgedAt = Stopwatch.GetTimestamp();
            await over.CancelAsync();
            await Task.WhenAll(callers);

            round.WasClose = started.Any(entry => entry.At < changedAt && entry.Until > changedAt);
            Assert.DoesNotContain(started, entry => entry.At > acknowledgedAt);
            foreach (var (_, _, session) in started.TakeLast(8))
            {
                await round.Either().TryRefreshAsync(session.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
                await round.Either().GetAsync("/auth/sessions", session.AccessToken).ExpectAsync(HttpStatusCode.Unauthorized);
                tokens.Add(session.AccessToken);
            }

            await validator.ReadInTurnAsync(round.Number);
        });
        foreach (var token in tokens)
            await validator.LearnsOfAsync(token);

        Assert.True(close > 0, "No sign-in was under way when the change was made: this is no race");
    }

    [Fact]
    public async Task The_new_password_is_not_disturbed_by_sign_ins_with_the_old_one()
    {
        var admin = await twins.One.AdminTokenAsync();
        await twins.PlayAsync("sign-in with the old password", Effort.Of(20, 1_000), async round =>
        {
            var person = await round.Either().CreatePersonAsync();

            var old = round.Start(round.Between(2, 4), (instance, _) => instance.TryLoginAsync(person.Id, person.Password));
            await round.PauseAsync();
            await ChangeAsync(round.Either(), admin, person, "password").ExpectAsync(HttpStatusCode.NoContent);
            Array.ForEach(await Task.WhenAll(old), response => response.Dispose());

            var session = await round.Either().LoginAsync(person.Id, NewPassword);
            var page = await round.Either().GetAsync("/auth/sessions", session.AccessToken).ExpectAsync(HttpStatusCode.OK);
            Assert.Equal(1, page.GetProperty("itemsInTotal").GetInt32());
        });
    }

    private static Task<HttpResponseMessage> ChangeAsync(AuthHost host, string admin, Person person, string how) => how switch
    {
        "password" => host.PutAsync($"/admin/principals/{person.Id}/password", admin, new { password = NewPassword }),
        "disable" => host.PatchAsync($"/admin/principals/{person.Id}", admin, new { state = "DISABLED" }),
        _ => host.DeleteAsync($"/admin/principals/{person.Id}", admin),
    };

    /// <summary>Signs in until the token is cancelled, and once more after that.</summary>
    /// <returns>The number of successful sign-ins.</returns>
    private static async Task<int> SignInAsync(
        AuthHost host, Person person, ConcurrentQueue<(long At, long Until, SignedIn Session)> started, CancellationToken over)
    {
        var succeeded = 0;
        for (var last = false; !last;)
        {
            last = over.IsCancellationRequested;
            var at = Stopwatch.GetTimestamp();
            using var response = await host.TryLoginAsync(person.Id, person.Password);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests)
                continue;
            var body = await response.ExpectAsync(HttpStatusCode.OK);
            started.Enqueue((at, Stopwatch.GetTimestamp(),
                new SignedIn(body.Text("accessToken"), body.Text("csrfToken"), body.Text("refreshToken"), CookieName: null)));
            succeeded++;
        }

        return succeeded;
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : SignInRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : SignInRaceTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : SignInRaceTests(twins);
}
