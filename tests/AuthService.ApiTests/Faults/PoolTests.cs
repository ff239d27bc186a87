using System.Net;
using System.Net.Http.Json;
using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Faults;

public sealed class PoolTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Two_hundred_sign_ins_at_once_over_five_connections_are_all_answered()
    {
        await using var database = await TestDatabase.CreateAsync(Store.Postgres);
        var five = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 5 }.ConnectionString;
        await using var host = await AuthHost.StartOnAsync(database, new() { ["ConnectionStrings:Postgres"] = five });
        var users = await LoadUsers.CreateAsync(host.Http, await host.AdminTokenAsync(), people: 10);
        using var recorder = new Recorder();
        for (var round = 0; round < Effort.Of(2, 50); round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => SignInAsync(recorder, host, users.People[i % users.People.Count])));
            Checker.Expect([.. answers.Where(call => call.Status is not (200 or 503) || call.Answered - call.Sent > Deadline).Select(call => $"{call}")]);
            await host.LoginAsync(users.People[0]);
        }

        await Checker.ExpectNoViolationAsync(recorder, users, await DatabaseSnapshot.ReadAsync(database), host.Address);
        var slowest = recorder.Calls.Max(call => call.Answered - call.Sent);
        ProofTable.Add("Faults", "200 sign-ins at once over a pool of 5", $"{recorder.Figures}, slowest {slowest.TotalSeconds:F1} s");
    }

    /// <summary>The pool has only one connection. A call that held it would make all others wait.</summary>
    [Fact]
    public async Task No_connection_is_held_while_a_password_is_hashed()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(Store.Postgres);
        var one = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 1 }.ConnectionString;
        await using var host = await AuthHost.StartOnAsync(database, new() { ["ConnectionStrings:Postgres"] = one, ["Passwords:BcryptCost"] = "14" });
        var (person, session) = (await host.CreatePersonAsync(), await host.SignedInPersonAsync());

        foreach (var password in new[] { person.Password, "wrong-One-4471" })
        {
            var signIn = host.TryLoginAsync(person.Id, password);
            await Task.Delay(200); // the hash takes about a second
            for (var i = 0; i < 5; i++)
                await host.RefreshAsync(session.RefreshToken);
            Assert.False(signIn.IsCompleted, "refreshes were answered after the sign-in, not beside it");
            await signIn.ExpectAsync(password == person.Password ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        }
    }

    private static Task<Call> SignInAsync(Recorder recorder, AuthHost host, Person person) =>
        recorder.SendAsync(CallKind.SignIn, person.Id, new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, "/auth/login"))
        {
            Content = JsonContent.Create(new { username = person.Id, password = person.Password, service = "app" }),
            Headers = { { "Accept", "application/json" } },
        });
}
