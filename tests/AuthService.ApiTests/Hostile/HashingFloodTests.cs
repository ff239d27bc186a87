using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Hostile;

/// <summary>
/// The service limits sign-ins when the cores cannot hash more passwords. The test calls as a known proxy, so it chooses the addresses of the callers.
/// </summary>
public abstract class HashingFloodTests(AuthHost host)
{
    private const int Addresses = 12;

    private static readonly Settings Dear = new() { ["Passwords:BcryptCost"] = "12", ["ReverseProxy:KnownProxies:0"] = "127.0.0.1" };
    private static readonly TimeSpan HangUpAfter = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// The longest wait allowed. If there were no bound and all callers waited, the flood would take all cores for 25 s or more: 96 times as long as one
    /// sign-in.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>On a machine that is busy with other tests, the longest wait is this many times the duration of a single sign-in.</summary>
    private const int LongestInSignIns = 8;

    [Fact]
    public async Task After_a_flood_of_sign_ins_that_hang_up_the_right_password_is_answered_within_seconds()
    {
        await using var twin = await host.StartTwinAsync(Dear);
        var person = await twin.CreatePersonAsync();
        await twin.LoginAsync(person);
        var alone = Stopwatch.StartNew();
        await twin.LoginAsync(person);
        var longest = TimeSpan.FromTicks(Math.Max(Longest.Ticks, alone.Elapsed.Ticks * LongestInSignIns));
        using var metrics = twin.RecordMetrics();
        using var impatient = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = twin.Address, Timeout = HangUpAfter };

        var flood = Enumerable.Range(0, Environment.ProcessorCount * 8 * Addresses).Select(call => HangUpAsync(impatient, call % Addresses)).ToList();
        var hungUp = (await Task.WhenAll(flood)).Count(gone => gone);
        var waited = Stopwatch.StartNew();
        var answered = await SignInAsync(twin, person, waited, longest);

        Assert.True(hungUp > 0, "Nobody had to wait, so nobody hung up");
        Assert.Equal(HttpStatusCode.OK, answered);
        Assert.True(waited.Elapsed < longest, $"{waited.Elapsed} after {hungUp} hung up, and at most {longest} were allowed");
        Assert.Equal(0, metrics["password_hashing.waiting"]);
    }

    [Fact]
    public async Task Beyond_the_bound_a_sign_in_is_503_with_Retry_After_and_counts_no_attempt()
    {
        await using var twin = await host.StartTwinAsync(Dear);
        await twin.LoginAsync(await twin.CreatePersonAsync());
        using var metrics = twin.RecordMetrics();
        var names = Enumerable.Range(0, Environment.ProcessorCount * 60).Select(_ => NewName("nobody")).ToList();

        var answers = await Task.WhenAll(names.Select(name => twin.TryLoginAsync(name, "wrong", headers: From(1))));

        var refused = answers.Index().Where(answer => answer.Item.StatusCode is HttpStatusCode.ServiceUnavailable).ToList();
        Assert.NotEmpty(refused);
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.ServiceUnavailable, HttpStatusCode.Unauthorized }));
        Assert.All(refused, answer => Assert.Equal(TimeSpan.FromSeconds(5), answer.Item.Headers.RetryAfter?.Delta));
        Assert.Equal("UNAVAILABLE", (await refused[0].Item.ExpectAsync(HttpStatusCode.ServiceUnavailable)).Text("errorCode"));
        Assert.Equal(refused.Count, metrics["password_hashing.refused"]);
        using var frozen = host.Clock.Freeze(); // the lock does not expire during the test
        await host.FailAsync(names[refused[0].Index], 5);
        await host.TryLoginAsync(names[refused[0].Index], "wrong").RefusedAsync(HttpStatusCode.TooManyRequests);
    }

    private static (string Name, string Value)[] From(int address) => [("X-Forwarded-For", $"198.51.100.{address}")];

    /// <returns>Whether the caller disconnected before it was answered.</returns>
    private static async Task<bool> HangUpAsync(HttpClient impatient, int address)
    {
        try
        {
            using var answer = await impatient.TryLoginAsync(NewName("nobody"), "wrong", headers: From(address));
            return false;
        }
        catch (TaskCanceledException)
        {
            return true;
        }
    }

    /// <summary>Signs in, and tries again after a 503.</summary>
    private static async Task<HttpStatusCode> SignInAsync(AuthHost twin, Person person, Stopwatch waited, TimeSpan longest)
    {
        while (true)
        {
            using var answer = await twin.TryLoginAsync(person.Id, person.Password, headers: From(200));
            if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable || waited.Elapsed > longest)
                return answer.StatusCode;
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : HashingFloodTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : HashingFloodTests(store.Host);
}
