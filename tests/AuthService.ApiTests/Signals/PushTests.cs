using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using Xunit;
using static AuthService.ApiTests.Signals.SignalCalls;

namespace AuthService.ApiTests.Signals;

/// <summary>Runs an instance that may call receivers on this machine.</summary>
public abstract class PushingHost(Store store) : IAsyncLifetime
{
    private AuthHost? _host;

    public AuthHost Host => _host!;

    public async Task InitializeAsync() =>
        _host = await AuthHost.StartAsync(store, Receiver.Settings.With(new() { ["Logging:LogLevel:AuthService.Signals"] = "Information" }));

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

public sealed class PushingOnSqlite() : PushingHost(Store.Sqlite);

public sealed class PushingOnPostgres() : PushingHost(Store.Postgres);

/// <summary>SETs are pushed (RFC 8935) to receivers that can fail or refuse, but never to an address that may not be called.</summary>
public abstract class PushTests(AuthHost host)
{
    [Fact]
    public async Task A_pushed_SET_is_as_the_standard_has_it_and_a_library_verifies_it()
    {
        await using var receiver = await Receiver.StartAsync();
        var subscriber = await host.SubscribeAsync(receiver, "Bearer canary-8935");
        var person = await SignOutAsync();

        await Eventually.TrueAsync(() => receiver.Received.Any(pushed => UserOf(Claims(pushed.Token)) == person));

        var pushed = receiver.Received.First(pushed => UserOf(Claims(pushed.Token)) == person);
        Assert.Equal(("application/secevent+jwt", "application/json", "Bearer canary-8935"), (pushed.ContentType, pushed.Accept, pushed.Authorization));
        var claims = await OAuth.Verifiers.OAuthLibraries.CallAsync("set", new
        {
            server = host.Address.ToString().TrimEnd('/'),
            issuer = "http://localhost",
            audience = subscriber.ServiceId,
            token = pushed.Token,
        });
        Assert.Equal(SessionRevoked, EventOf(claims));
        await Eventually.CountsAsync(host, $"signal_sets WHERE stream_id = {IdOf(subscriber)}", 0);
        Assert.Equal(0, await host.Database.CountAsync("signal_streams WHERE CAST(sealed_authorization AS TEXT) LIKE '%canary%'"));
    }

    [Fact]
    public async Task A_receiver_that_was_down_gets_everything_in_its_order_once_it_is_back()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.OnPush = Receiver.Answer(HttpStatusCode.InternalServerError);
        var subscriber = await host.SubscribeAsync(receiver);
        string[] people = [await SignOutAsync(), await SignOutAsync(), await SignOutAsync()];
        await Eventually.CountsAsync(host, $"signal_sets WHERE stream_id = {IdOf(subscriber)}", 3);
        await Eventually.TrueAsync(() => receiver.Received.Count > 0);

        host.Clock.Advance(TimeSpan.FromSeconds(6));
        await Eventually.CountsAsync(host, $"signal_streams WHERE id = {IdOf(subscriber)} AND claimed_until IS NULL AND failures >= 2", 1);
        Assert.Single(receiver.Received.Select(pushed => Claims(pushed.Token).Text("jti")).Distinct(StringComparer.Ordinal));
        var before = receiver.Received.Count;
        receiver.OnPush = Receiver.Take;
        host.Clock.Advance(TimeSpan.FromHours(1));

        await Eventually.TrueAsync(() => receiver.Received.Count == before + 3);
        Assert.Equal(people, receiver.Received.Skip(before).Select(pushed => UserOf(Claims(pushed.Token))), StringComparer.Ordinal);
    }

    [Fact]
    public async Task After_three_days_a_SET_is_pushed_no_more()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.OnPush = Receiver.Answer(HttpStatusCode.ServiceUnavailable);
        await host.SubscribeAsync(receiver);
        await SignOutAsync();
        await Eventually.TrueAsync(() => receiver.Received.Count > 0);

        receiver.OnPush = Receiver.Take;
        host.Clock.Advance(TimeSpan.FromDays(3));
        await host.NewAdminTokenAsync();
        var before = receiver.Received.Count;
        var later = await SignOutAsync();

        await Eventually.TrueAsync(() => receiver.Received.Count > before);
        Assert.Equal([later], receiver.Received.Skip(before).Select(pushed => UserOf(Claims(pushed.Token))), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_SET_that_is_refused_again_and_again_holds_up_no_other()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.OnPush = Receiver.Answer(HttpStatusCode.BadRequest, """{"err":"invalid_audience","description":"not for us"}""");
        await host.SubscribeAsync(receiver);
        var refused = await SignOutAsync();

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await Eventually.TrueAsync(() => receiver.Received.Count >= attempt);
            if (attempt == 3)
                receiver.OnPush = Receiver.Take;
            await Eventually.TrueAsync(async () => await host.Database.CountAsync("signal_streams WHERE claimed_until IS NOT NULL") == 0);
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var taken = await SignOutAsync();
        await Eventually.TrueAsync(() => receiver.Received.Any(pushed => UserOf(Claims(pushed.Token)) == taken));
        Assert.Equal(3, receiver.Received.Count(pushed => UserOf(Claims(pushed.Token)) == refused));
        await Eventually.LoggedAsync(host, "invalid_audience");
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.Redirect)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task Nothing_but_202_is_success(HttpStatusCode status)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.OnPush = Receiver.Answer(status);
        var subscriber = await host.SubscribeAsync(receiver);
        await SignOutAsync();

        await Eventually.TrueAsync(() => receiver.Received.Count > 0);
        await Eventually.CountsAsync(host, $"signal_streams WHERE id = {IdOf(subscriber)} AND failures > 0", 1);
        Assert.Equal(1, await host.Database.CountAsync($"signal_sets WHERE stream_id = {IdOf(subscriber)}"));
    }

    [Fact]
    public async Task Two_instances_push_nothing_twice()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var twin = await host.StartTwinAsync(Receiver.Settings);
        await host.SubscribeAsync(receiver);

        var people = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => SignOutAsync()));

        await Eventually.TrueAsync(() => people.All(person => receiver.Received.Any(pushed => UserOf(Claims(pushed.Token)) == person)));
        var ids = receiver.Received.Select(pushed => Claims(pushed.Token).Text("jti")).ToList();
        Assert.Equal(ids.Distinct(StringComparer.Ordinal).Count(), ids.Count);
        Assert.Equal(40, receiver.Received.Count(pushed => people.Contains(UserOf(Claims(pushed.Token)), StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_receiver_that_never_answers_holds_up_no_other()
    {
        await using var slow = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        slow.OnPush = response => Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        await host.SubscribeAsync(slow);
        await host.SubscribeAsync(quick);

        var person = await SignOutAsync();
        await Eventually.TrueAsync(() => slow.Received.Count > 0);

        await Eventually.TrueAsync(() => quick.Received.Any(pushed => UserOf(Claims(pushed.Token)) == person));
    }

    [Fact]
    public async Task A_receiver_that_would_never_be_called_is_refused_when_it_is_named()
    {
        await using var other = await host.StartAnotherAsync(new() { ["environment"] = "Production" });
        var subscriber = await other.SubscribeAsync();

        foreach (var (address, words) in new[]
            {
                ("http://receiver.invalid/events", "an https address"),
                ("https://u:p@receiver.invalid/events", "without a name and a password"),
                ("https://receiver.invalid/events#a", "without a fragment"),
                ("https://a\u2100b.invalid/events", "an absolute https address"),
                ("https://10.0.0.1/events", "private or reserved network"),
                ("https://[::ffff:169.254.169.254]/", "private or reserved network"),
                ("http://localhost:9/events", "private or reserved network"),
            })
        {
            var delivery = new { method = SignalCalls.Push, endpoint_url = address };
            var named = new { stream_id = subscriber.StreamId, delivery };
            await RefusedAsync(other.PostAsync(Streams, subscriber.Token, new { delivery }), words);
            await RefusedAsync(other.PatchAsync(Streams, subscriber.Token, named), words);
            await RefusedAsync(other.PutAsync(Streams, subscriber.Token, named), words);
        }

        var kept = Assert.Single((await other.GetAsync(Streams, subscriber.Token).ExpectAsync(HttpStatusCode.OK)).EnumerateArray());
        Assert.Equal(Poll, kept.GetProperty("delivery").Text("method"));
    }

    [Fact]
    public async Task Networks_that_are_not_public_any_more_are_not_called()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var database = await TestDatabase.CreateMigratedAsync(host.Database.Store);
        await using (var before = await AuthHost.StartOnAsync(database, Receiver.Settings))
        {
            var subscriber = await before.SubscribeAsync(receiver);
            await before.SetStatusAsync(subscriber, "paused");
            await before.PostAsync(Verify, subscriber.Token, new { stream_id = subscriber.StreamId }).ExpectAsync(HttpStatusCode.NoContent);
        }

        await database.ExecuteAsync("UPDATE signal_streams SET status = 0");
        await using var other = await AuthHost.StartOnAsync(database);

        await Eventually.LoggedAsync(other, "The address is not allowed");
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task A_paused_stream_pushes_nothing_until_it_goes_on()
    {
        await using var receiver = await Receiver.StartAsync();
        var subscriber = await host.SubscribeAsync(receiver);
        await host.SetStatusAsync(subscriber, "paused");
        var person = await SignOutAsync();

        await Eventually.CountsAsync(host, $"signal_sets WHERE stream_id = {IdOf(subscriber)}", 1);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Empty(receiver.Received);
        await host.SetStatusAsync(subscriber, "enabled");

        await Eventually.TrueAsync(() => receiver.Received.Count == 1);
        Assert.Equal(person, UserOf(Claims(receiver.Received.First().Token)));
    }

    private static async Task RefusedAsync(Task<HttpResponseMessage> sending, string words)
    {
        var refusal = await sending.ExpectAsync(HttpStatusCode.BadRequest);
        Assert.Equal("invalid_request", refusal.Text("err"));
        Assert.Contains(words, refusal.Text("description"), StringComparison.Ordinal);
    }

    private async Task<string> SignOutAsync()
    {
        var person = await host.CreatePersonAsync();
        await host.PostAsync("/auth/logout", (await host.LoginAsync(person)).RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        return person.Id;
    }

    /// <summary>Returns the id as the store writes it.</summary>
    private string IdOf(Subscriber subscriber) =>
        host.Database.Store is Store.Sqlite ? $"'{subscriber.StreamId.ToUpperInvariant()}'" : $"'{subscriber.StreamId}'";

    public sealed class OnSqlite(PushingOnSqlite store) : PushTests(store.Host), IClassFixture<PushingOnSqlite>;

    public sealed class OnPostgres(PushingOnPostgres store) : PushTests(store.Host), IClassFixture<PushingOnPostgres>;
}
