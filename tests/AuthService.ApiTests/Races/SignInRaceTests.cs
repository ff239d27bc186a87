using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>Sign-ins against changes of the principal, over two instances: no session that the old state allowed survives.</summary>
public abstract class SignInRaceTests(AuthHost host)
{
    [Theory]
    [InlineData("password")]
    [InlineData("disable")]
    [InlineData("delete")]
    public async Task A_sign_in_that_races_a_change_leaves_no_session(string how)
    {
        await using var twin = await host.StartTwinAsync();
        var admin = await host.AdminTokenAsync();
        var raced = 0;

        for (var round = 0; round < 8; round++)
        {
            var person = await host.CreatePersonAsync();
            var started = new ConcurrentQueue<(long At, long Until, SignedIn Session)>();
            using var over = new CancellationTokenSource();
            var callers = Enumerable.Range(0, 4).Select(caller => Task.Run(() => SignInAsync(caller % 2 == 0 ? host : twin, person, started, over.Token))).ToArray();
            while (started.IsEmpty && !callers.Any(caller => caller.IsCompleted))
                await Task.Delay(1);
            var changedAt = Stopwatch.GetTimestamp();

            using (var change = await ChangeAsync(twin, admin, person, how))
                Assert.True(change.IsSuccessStatusCode, change.StatusCode.ToString());
            var acknowledgedAt = Stopwatch.GetTimestamp();
            await over.CancelAsync();
            await Task.WhenAll(callers);

            raced += started.Count(entry => entry.At < changedAt && entry.Until > changedAt);
            Assert.DoesNotContain(started, entry => entry.At > acknowledgedAt);
            foreach (var (_, _, session) in started)
            {
                await host.TryRefreshAsync(session.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
                await twin.GetAsync("/auth/sessions", session.AccessToken).ExpectAsync(HttpStatusCode.Unauthorized);
            }
        }

        Assert.True(raced > 0, "No sign-in was under way when the change was made: this is no race");
    }

    [Fact]
    public async Task The_new_password_is_not_disturbed_by_sign_ins_with_the_old_one()
    {
        const string secret = "Zebra-41-Lantern-Quartz!";
        await using var twin = await host.StartTwinAsync();
        var admin = await host.AdminTokenAsync();
        var person = await host.CreatePersonAsync();

        var old = Task.WhenAll(Enumerable.Range(0, 4).Select(i => (i % 2 == 0 ? host : twin).TryLoginAsync(person.Id, person.Password)));
        await host.PutAsync($"/admin/principals/{person.Id}/password", admin, new { password = secret }).ExpectAsync(HttpStatusCode.NoContent);
        Array.ForEach(await old, response => response.Dispose());

        var session = await host.LoginAsync(person.Id, secret);
        var page = await host.GetAsync("/auth/sessions", session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(1, page.GetProperty("itemsInTotal").GetInt32());
    }

    private static Task<HttpResponseMessage> ChangeAsync(AuthHost host, string admin, Person person, string how) => how switch
    {
        "password" => host.PutAsync($"/admin/principals/{person.Id}/password", admin, new { password = "Zebra-41-Lantern-Quartz!" }),
        "disable" => host.PatchAsync($"/admin/principals/{person.Id}", admin, new { state = "DISABLED" }),
        _ => host.DeleteAsync($"/admin/principals/{person.Id}", admin),
    };

    /// <summary>Signs in until told to stop, and once more after that.</summary>
    private static async Task SignInAsync(AuthHost host, Person person, ConcurrentQueue<(long At, long Until, SignedIn Session)> started, CancellationToken over)
    {
        for (var last = false; !last;)
        {
            last = over.IsCancellationRequested;
            var at = Stopwatch.GetTimestamp();
            using var response = await host.TryLoginAsync(person.Id, person.Password);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests)
                continue;
            var body = await response.ExpectAsync(HttpStatusCode.OK);
            started.Enqueue((at, Stopwatch.GetTimestamp(), new SignedIn(body.Text("accessToken"), body.Text("csrfToken"), body.Text("refreshToken"), CookieName: null)));
        }
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SignInRaceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SignInRaceTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : SignInRaceTests(store.Host);
}
