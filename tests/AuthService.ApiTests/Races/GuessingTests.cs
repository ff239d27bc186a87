using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>
/// Sign-ins at the same time: five wrong guesses are checked before a lock and a hundred in a row, however many callers guess on whichever instance.
/// </summary>
public abstract class GuessingTests(Twins twins)
{
    [Fact]
    public Task Of_a_few_wrong_passwords_at_once_five_are_judged() =>
        GuessAsync("wrong passwords, a few at once", Effort.Of(200, 10_000), round => round.Between(6, 9));

    [Fact]
    public Task Of_200_wrong_passwords_at_once_five_are_judged() =>
        GuessAsync("wrong passwords, 200 at once", Effort.Of(4, 100), _ => 200);

    [Fact]
    public async Task After_four_failures_one_guess_is_judged()
    {
        using var frozen = twins.One.Clock.Freeze();
        await twins.PlayAsync("wrong passwords after four failures", Effort.Of(20, 1_000), async round =>
        {
            var person = await round.Either().CreatePersonAsync();
            for (var i = 0; i < 4; i++)
                await round.Either().TryLoginAsync(person.Id, "wrong").ExpectAsync(HttpStatusCode.Unauthorized);

            var statuses = await round.AtOnceAsync(round.Between(2, 10), (instance, _) => StatusAsync(instance, person.Id, "wrong"));

            Assert.Single(statuses, status => status is HttpStatusCode.Unauthorized);
            await round.Either().TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.TooManyRequests);
        });
    }

    /// <summary>The rounds share the clock and take turns, because twenty locks have to pass. The limit of a hundred cuts the last five short.</summary>
    [Fact]
    public async Task Of_guesses_at_once_after_each_lock_a_hundred_are_judged()
    {
        using var turn = new SemaphoreSlim(1);
        using var frozen = twins.One.Clock.Freeze();
        await twins.PlayAsync("wrong passwords, a hundred in a row", Effort.Of(4, 20), async round =>
        {
            await turn.WaitAsync();
            try
            {
                var name = round.Maybe() ? (await round.Either().CreatePersonAsync()).Id : NewName("nobody");
                var judged = 0;
                for (var i = 0; i < 23; i++)
                {
                    var callers = i is 0 ? round.Between(1, 4) : round.Between(6, 9);
                    var statuses = await round.AtOnceAsync(callers, (instance, _) => StatusAsync(instance, name, "wrong"));
                    judged += statuses.Count(status => status is HttpStatusCode.Unauthorized);
                    twins.One.Clock.Advance(TimeSpan.FromSeconds(3_125));
                }

                Assert.Equal(100, judged);
            }
            finally
            {
                turn.Release();
            }
        });
    }

    [Fact]
    public Task Of_50_right_sign_ins_at_once_all_succeed() => twins.PlayAsync("right passwords, 50 at once", Effort.Of(4, 100), async round =>
    {
        var person = await round.Either().CreatePersonAsync();

        var statuses = await round.AtOnceAsync(50, (instance, _) => StatusAsync(instance, person.Id, person.Password));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        var session = await round.Either().LoginAsync(person);
        var page = await round.Either().GetAsync("/auth/sessions", session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(51, page.GetProperty("itemsInTotal").GetInt32());
    });

    /// <summary>Runs one race. The clock is frozen, so that no lock ends meanwhile. Rounds that run at the same time use different names.</summary>
    private async Task GuessAsync(string race, int rounds, Func<Round, int> callersOf)
    {
        using var frozen = twins.One.Clock.Freeze();
        await twins.PlayAsync(race, rounds, async round =>
        {
            var name = round.Between(1, 8) == 1 ? (await round.Either().CreatePersonAsync()).Id : NewName("nobody");
            var callers = callersOf(round);

            var statuses = await round.AtOnceAsync(callers, (instance, _) => StatusAsync(instance, name, "wrong"));

            Assert.Equal(5, statuses.Count(status => status is HttpStatusCode.Unauthorized));
            Assert.Equal(callers - 5, statuses.Count(status => status is HttpStatusCode.TooManyRequests));
        });
    }

    private static async Task<HttpStatusCode> StatusAsync(AuthHost instance, string name, string password)
    {
        using var response = await Repeats.WhileUnavailableAsync(() => instance.TryLoginAsync(name, password));
        return response.StatusCode;
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : GuessingTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : GuessingTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : GuessingTests(twins);
}
