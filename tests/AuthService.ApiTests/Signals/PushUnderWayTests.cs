using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.Audit;
using Xunit;
using static AuthService.ApiTests.Signals.SignalCalls;

namespace AuthService.ApiTests.Signals;

/// <summary>A stream is changed while the first of three SETs is being pushed and the receiver has not yet responded.</summary>
public abstract class PushUnderWayTests(ClassHosts hosts) : IAsyncLifetime
{
    /// <summary>Long enough to push every waiting SET.</summary>
    private static readonly TimeSpan While = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource<HttpStatusCode> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _people = [];
    private AuthHost _own = null!;
    private Receiver _receiver = null!;
    private Subscriber _subscriber = null!;

    public async Task InitializeAsync()
    {
        _own = await hosts.AnotherAsync(Receiver.Settings);
        // The first stream starts the reader at the end of the commit order. On PostgreSQL a transaction elsewhere on the server may hold that end back.
        await Eventually.TrueAsync(async () => await _own.CallAsync((EventReader readers) => readers.FindOldestUnreadAsync("signals")) is null);
        await _own.Database.ExecuteAsync("DELETE FROM signal_sets");
        await _own.Database.ExecuteAsync("DELETE FROM signal_streams");
        _receiver = await Receiver.StartAsync();
        _receiver.OnPush = async response => await Receiver.Answer(await _answer.Task, """{"err":"invalid_request"}""")(response);
        _subscriber = await _own.SubscribeAsync(_receiver, "Bearer old");
        await _own.SetStatusAsync(_subscriber, "paused");
        for (var i = 0; i < 3; i++)
        {
            var person = await _own.CreatePersonAsync();
            _people.Add(person.Id);
            await _own.PostAsync("/auth/logout", (await _own.LoginAsync(person)).RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        }

        await Eventually.CountsAsync(_own, "signal_sets", 3);
    }

    [Fact]
    public async Task The_others_go_to_the_address_that_it_has_now()
    {
        await using var next = await Receiver.StartAsync();
        await UntilUnderWayAsync();

        await ChangeDeliveryAsync(new { method = Push, endpoint_url = next.Url, authorization_header = "Bearer new" });
        _answer.SetResult(HttpStatusCode.Accepted);

        await Eventually.CountsAsync(_own, "signal_sets", 0);
        Assert.Single(_receiver.Received);
        Assert.Equal(_people[1..], next.Received.TakeLast(2).Select(pushed => UserOf(Claims(pushed.Token))), StringComparer.Ordinal);
        Assert.All(next.Received, pushed => Assert.Equal("Bearer new", pushed.Authorization));
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("disabled")]
    [InlineData("deleted")]
    [InlineData("owner disabled")]
    [InlineData("owner deleted")]
    public async Task The_others_are_not_pushed_once_it_is(string change)
    {
        await UntilUnderWayAsync();

        await ChangeAsync(change);
        _answer.SetResult(HttpStatusCode.Accepted);

        await Task.Delay(While);
        Assert.Single(_receiver.Received);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, 0)]
    [InlineData(HttpStatusCode.BadRequest, 0)]
    [InlineData(HttpStatusCode.BadRequest, 2)]
    public async Task What_the_old_receiver_answers_does_not_count_against_the_new_one(HttpStatusCode answer, int refusals)
    {
        var logged = _own.Log.Lines.Count;
        await _own.Database.ExecuteAsync($"UPDATE signal_sets SET refusals = {refusals}");
        await UntilUnderWayAsync();

        await ChangeDeliveryAsync(new { method = Poll });
        _answer.SetResult(answer);

        await Task.Delay(While);
        Assert.Equal(3, await _own.Database.CountAsync($"signal_sets WHERE refusals = {refusals}"));
        Assert.DoesNotContain(_own.Log.Lines.Skip(logged), line => line.Contains("which is dropped", StringComparison.Ordinal));
        Assert.Equal(1, await _own.Database.CountAsync("signal_streams WHERE failures = 0 AND failing_since IS NULL AND claimed_until IS NULL"));
    }

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    private async Task UntilUnderWayAsync()
    {
        await _own.SetStatusAsync(_subscriber, "enabled");
        await Eventually.TrueAsync(() => _receiver.Received.Count > 0);
    }

    private async Task ChangeDeliveryAsync(object delivery) =>
        await _own.PatchAsync(Streams, _subscriber.Token, new { stream_id = _subscriber.StreamId, delivery }).ExpectAsync(HttpStatusCode.OK);

    private async Task ChangeAsync(string change)
    {
        var owner = $"/admin/principals/{_subscriber.ServiceId}";
        await (change switch
        {
            "deleted" => _own.DeleteAsync(At(Streams, _subscriber.StreamId), _subscriber.Token).ExpectAsync(HttpStatusCode.NoContent),
            "owner disabled" => _own.PatchAsync(owner, await _own.NewAdminTokenAsync(), new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK),
            "owner deleted" => _own.DeleteAsync(owner, await _own.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent),
            _ => _own.SetStatusAsync(_subscriber, change),
        });
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : PushUnderWayTests(hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : PushUnderWayTests(hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
