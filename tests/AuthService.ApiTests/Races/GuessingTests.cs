using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>Sign-ins at the same moment, over two instances.</summary>
public abstract class GuessingTests(AuthHost host)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_100_wrong_passwords_at_once_five_are_judged(bool exists)
    {
        await using var twin = await host.StartTwinAsync();
        var name = exists ? (await host.CreatePersonAsync()).Id : NewName("nobody");
        using var frozen = host.Clock.Freeze(); // so that the lock does not end meanwhile

        var statuses = await AtOnceAsync(100, twin, instance => instance.TryLoginAsync(name, "wrong"));

        Assert.Equal(5, statuses.Count(status => status is HttpStatusCode.Unauthorized));
        Assert.Equal(95, statuses.Count(status => status is HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task After_four_failures_one_guess_is_judged()
    {
        await using var twin = await host.StartTwinAsync();
        var person = await host.CreatePersonAsync();
        using var frozen = host.Clock.Freeze();

        for (var i = 0; i < 4; i++)
            await host.TryLoginAsync(person.Id, "wrong").ExpectAsync(HttpStatusCode.Unauthorized);
        var statuses = await AtOnceAsync(40, twin, instance => instance.TryLoginAsync(person.Id, "wrong"));

        Assert.Single(statuses, status => status is HttpStatusCode.Unauthorized);
        await host.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Of_50_right_sign_ins_at_once_all_succeed()
    {
        await using var twin = await host.StartTwinAsync();
        var person = await host.CreatePersonAsync();

        var statuses = await AtOnceAsync(50, twin, instance => instance.TryLoginAsync(person.Id, person.Password));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        var session = await host.LoginAsync(person);
        Assert.Equal(51, (await host.GetAsync("/auth/sessions", session.AccessToken).ExpectAsync(HttpStatusCode.OK)).GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task Locks_of_different_names_do_not_meet()
    {
        await using var twin = await host.StartTwinAsync();
        var names = Enumerable.Range(0, 5).Select(_ => NewName("nobody")).ToArray();
        using var frozen = host.Clock.Freeze();

        var answers = await Task.WhenAll(names.Select(name => AtOnceAsync(12, twin, instance => instance.TryLoginAsync(name, "wrong"))));

        Assert.All(answers, statuses => Assert.Equal(5, statuses.Count(status => status is HttpStatusCode.Unauthorized)));
    }

    /// <summary>Half of the calls on either instance.</summary>
    private Task<HttpStatusCode[]> AtOnceAsync(int calls, AuthHost twin, Func<AuthHost, Task<HttpResponseMessage>> call) =>
        Task.WhenAll(Enumerable.Range(0, calls).Select(i => Task.Run(async () =>
        {
            using var response = await call(i % 2 == 0 ? host : twin);
            return response.StatusCode;
        })));

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : GuessingTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : GuessingTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : GuessingTests(store.Host);
}
