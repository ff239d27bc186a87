using System.Diagnostics;
using System.Globalization;
using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Recovery;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Hostile;

/// <summary>
/// The duration of a refusal does not reveal its reason (SECURITY 5). The tests interleave the calls that they compare, so that other load on the machine
/// affects all of them equally.
/// </summary>
[Collection("alone")]
public sealed class RefusalTimingTests : IAsyncLifetime
{
    private const string Wrong = "not the password";

    /// <summary>
    /// The limit of the short form. A refusal without a hash takes at most a tenth of the time, so this is far from both values even on a busy machine.
    /// </summary>
    private const double UsualRatio = 4;

    /// <summary>The limit of SECURITY 5.</summary>
    private const double LongRatio = 1.05;

    private static readonly int Rounds = Effort.Of(usual: 4, @long: 1_000);
    private static readonly TimeSpan UntilFailuresAreForgotten = TimeSpan.FromMinutes(6);

    private readonly MailServer _mails = MailServer.Start();
    private AuthHost _host = null!;

    /// <summary>Uses cost 10, with which hashing takes tens of milliseconds and everything else only a few.</summary>
    public async Task InitializeAsync() =>
        _host = await AuthHost.StartAsync(Store.Sqlite, _mails.Settings.With(new() { ["Passwords:BcryptCost"] = "10" }));

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _mails.DisposeAsync();
    }

    [Fact]
    public async Task Every_reason_to_refuse_takes_as_long_as_any_other()
    {
        var refusals = await RefusalsAsync();
        var medians = await MediansAsync(refusals.Count, Rounds, (kind, round) =>
        {
            if (round % 4 is 0)
                _host.Clock.Advance(UntilFailuresAreForgotten); // five failures would lock the name
            return SignInAsync(refusals[kind].User, HttpStatusCode.Unauthorized);
        });

        Compare("Sign-in refusals", [.. refusals.Select(refusal => refusal.Why).Zip(medians)], Effort.IsLong ? LongRatio : UsualRatio);
    }

    /// <summary>Checks without a clock that each refusal hashes once, whether or not the name exists.</summary>
    [Fact]
    public async Task Every_reason_to_refuse_costs_one_hash_and_what_is_locked_or_too_long_costs_none()
    {
        using var metrics = _host.RecordMetrics();
        using var frozen = _host.Clock.Freeze();
        foreach (var (why, user) in await RefusalsAsync())
            Assert.True(await HashesOfAsync(metrics, user, Wrong, HttpStatusCode.Unauthorized) is 1, why);

        var locked = await LockAsync(NewName("nobody"));
        Assert.Equal(0, await HashesOfAsync(metrics, locked, Wrong, HttpStatusCode.TooManyRequests));
        Assert.Equal(0, await HashesOfAsync(metrics, NewName("nobody"), new string('p', 257), HttpStatusCode.BadRequest));
        Assert.Equal(0, await HashesOfAsync(metrics, NewName("nobody"), new string('p', 60_000), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task A_locked_name_does_not_say_whether_anybody_has_it()
    {
        using var frozen = _host.Clock.Freeze(); // the lock does not expire during the test
        var (somebody, nobody) = (await LockAsync((await _host.CreatePersonAsync()).Id), await LockAsync(NewName("nobody")));

        Assert.Equal(await SeenAsync(somebody), await SeenAsync(nobody));

        var medians = await MediansAsync(2, Rounds, (kind, _) => SignInAsync(kind is 0 ? somebody : nobody, HttpStatusCode.TooManyRequests));
        if (Effort.IsLong)
            Compare("Refusals of locked names", [("somebody's", medians[0]), ("nobody's", medians[1])], LongRatio);
    }

    /// <summary>The service looks up the person with the address only after its response.</summary>
    [Fact]
    public async Task A_request_for_a_new_password_does_not_say_whether_anybody_has_the_address()
    {
        var (_, somebodys) = await _host.ReachablePersonAsync();
        (string Whose, string Address)[] addresses = [("somebody's", somebodys), ("nobody's", Mailbox.NewAddressOf("nobody"))];

        var medians = await MediansAsync(addresses.Length, Rounds, (kind, _) => _host.RequestResetAsync(addresses[kind].Address), RestAsync);

        Compare("Requests for a new password", [.. addresses.Select(address => address.Whose).Zip(medians)], Effort.IsLong ? LongRatio : UsualRatio);
    }

    private static void Compare(string proof, IReadOnlyList<(string Why, double Median)> kinds, double most)
    {
        var (fastest, slowest) = (kinds.Min(kind => kind.Median), kinds.Max(kind => kind.Median));
        var shown = string.Join(", ", kinds.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Why} {kind.Median:0.00} ms")));
        ProofTable.Add("Hostile", proof, string.Create(
            CultureInfo.InvariantCulture,
            $"{Rounds:N0} rounds, medians {(slowest / fastest) - 1:P1} apart (at most {most - 1:P0}), seed {Effort.Seed} ({shown})"));
        Assert.True(slowest / fastest < most, $"seed {Effort.Seed}: {shown}");
    }

    /// <summary>Lists every reason that is refused with the same words, each with a name for all rounds.</summary>
    private async Task<IReadOnlyList<(string Why, string User)>> RefusalsAsync()
    {
        var admin = await _host.AdminTokenAsync();
        var disabled = await _host.CreatePersonAsync();
        await _host.PatchAsync($"/admin/principals/{disabled.Id}", admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);
        var deleted = await _host.CreatePersonAsync();
        await _host.DeleteAsync($"/admin/principals/{deleted.Id}", admin).ExpectAsync(HttpStatusCode.NoContent);
        var withoutPassword = NewName("person");
        await _host.PostAsync("/admin/principals", admin, new { id = withoutPassword }).ExpectAsync(HttpStatusCode.Created);
        return
        [
            ("unknown", NewName("nobody")), ("wrong password", (await _host.CreatePersonAsync()).Id), ("disabled", disabled.Id), ("deleted", deleted.Id),
            ("without a password", withoutPassword), ("a service", (await _host.CreateServiceAsync()).Id),
            ("an imported cheap hash", await WithHashAsync("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")),
            ("an imported quick PBKDF2", await WithHashAsync("pbkdf2_sha256$1000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=")),
            ("an imported dear PBKDF2", await WithHashAsync("pbkdf2_sha256$1500000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=")),
        ];
    }

    private async Task<string> WithHashAsync(string hash)
    {
        var person = await _host.CreatePersonAsync();
        await _host.Database.ExecuteAsync($"UPDATE principals SET password_hash = '{hash}' WHERE id = '{person.Id}'");
        return person.Id;
    }

    /// <summary>Waits until the work after the responses is done. With SQLite the next call would have to wait for it.</summary>
    private async Task RestAsync()
    {
        while (await _host.Database.CountAsync("recovery_requests") + await _host.Database.CountAsync("outbox_mails") > 0)
            await Task.Delay(20);
    }

    /// <summary>Returns the median of each kind in milliseconds. Each round calls every kind once, in random order.</summary>
    private static async Task<double[]> MediansAsync(int kinds, int rounds, Func<int, int, Task> call, Func<Task>? rest = null)
    {
        var random = new Random(Effort.Seed);
        var times = Enumerable.Range(0, kinds).Select(_ => new List<double>(rounds)).ToArray();
        for (var round = -1; round < rounds; round++)
        {
            var turns = Enumerable.Range(0, kinds).ToArray();
            random.Shuffle(turns);
            foreach (var kind in turns)
            {
                if (rest is not null)
                    await rest();
                var start = Stopwatch.GetTimestamp();
                await call(kind, round + 1);
                if (round >= 0) // the first round warms up
                    times[kind].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return [.. times.Select(kind => kind.Order().ElementAt(rounds / 2))];
    }

    private async Task SignInAsync(string user, HttpStatusCode expected)
    {
        using var answer = await _host.TryLoginAsync(user, Wrong);
        Assert.Equal(expected, answer.StatusCode);
    }

    private async Task<double> HashesOfAsync(MetricRecorder metrics, string user, string password, HttpStatusCode expected)
    {
        var before = metrics["password_hashing.duration"];
        await _host.TryLoginAsync(user, password).ExpectAsync(expected);
        return metrics["password_hashing.duration"] - before;
    }

    private async Task<string> LockAsync(string user)
    {
        for (var failure = 0; failure < 5; failure++)
            await _host.TryLoginAsync(user, Wrong).ExpectAsync(HttpStatusCode.Unauthorized);
        return user;
    }

    /// <summary>Returns everything that a client can see, except values that differ in every response.</summary>
    private async Task<string> SeenAsync(string user)
    {
        using var response = await _host.TryLoginAsync(user, Wrong);
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not ("Date" or "Retry-After"))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal);
        var body = (await response.ExpectAsync(HttpStatusCode.TooManyRequests)).EnumerateObject().Where(member => member.Name is not "traceId");
        return $"{response.Headers.RetryAfter is not null} {string.Join('\n', headers)}\n{string.Join('\n', body)}";
    }
}
