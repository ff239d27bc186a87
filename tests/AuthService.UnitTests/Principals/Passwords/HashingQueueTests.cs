using AuthService.Principals.Passwords;
using Xunit;

namespace AuthService.UnitTests.Principals.Passwords;

/// <summary>Callers wait for the one core in a fair order, and are refused when they would wait for too long.</summary>
public sealed class HashingQueueTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly HashingQueue _queue;
    private readonly ManualResetEventSlim _release = new();
    private readonly List<string> _done = [];

    public HashingQueueTests() => _queue = NewQueue(TimeSpan.Zero);

    [Fact]
    public async Task Addresses_take_turns()
    {
        var all = Start(["a1", "a2", "a3", "b1", "c1", "c2"]);

        _release.Set();
        await Task.WhenAll(all);

        Assert.Equal(["a1", "a2", "b1", "c1", "a3", "c2"], _done); // the first did not wait, and the others took turns in this order
    }

    [Fact]
    public async Task Shares_take_turns()
    {
        var all = Start(["a1", "a2", "a3"]).Concat(Start(["z1", "z2"], HashingShare.Administration)).ToList();

        _release.Set();
        await Task.WhenAll(all);

        Assert.Equal(["a1", "z1", "a2", "z2", "a3"], _done);
    }

    [Fact]
    public async Task Who_hangs_up_leaves_the_queue()
    {
        using var hungUp = new CancellationTokenSource();
        var first = Start(["a1"]);
        var gone = Start(["b1", "b2"], HashingShare.SignIns, hungUp.Token);
        var last = Start(["a2"]);

        await hungUp.CancelAsync();
        foreach (var task in gone)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        _release.Set();
        await Task.WhenAll([.. first, .. last]);

        Assert.Equal(["a1", "a2"], _done);
    }

    [Fact]
    public async Task Who_hangs_up_when_the_work_has_begun_changes_nothing()
    {
        using var hungUp = new CancellationTokenSource();
        using var place = _queue.TryEnter(HashingShare.SignIns, "a")!;
        using var began = new ManualResetEventSlim();
        var running = place.RunAsync(() => { began.Set(); _release.Wait(); return true; }, hungUp.Token);
        began.Wait();

        await hungUp.CancelAsync();
        _release.Set();

        Assert.True(await running);
    }

    [Fact]
    public async Task A_pause_of_the_machine_while_a_password_is_hashed_refuses_nobody_afterwards()
    {
        await MeasureAsync(TimeSpan.FromMinutes(5));

        Assert.NotNull(_queue.TryEnter(HashingShare.SignIns, "a"));
        Assert.NotNull(_queue.TryEnter(HashingShare.SignIns, "a"));
    }

    [Fact]
    public async Task An_address_is_refused_when_it_would_wait_more_than_five_seconds_and_another_is_not()
    {
        await MeasureAsync(TimeSpan.FromSeconds(1));

        var places = Enumerable.Range(0, 6).Select(_ => _queue.TryEnter(HashingShare.SignIns, "a")).ToList();

        Assert.DoesNotContain(null, places);
        Assert.Null(_queue.TryEnter(HashingShare.SignIns, "a"));
        Assert.NotNull(_queue.TryEnter(HashingShare.SignIns, "b"));
        Assert.NotNull(_queue.TryEnter(HashingShare.Administration, "a"));
        places[0]!.Dispose();
        places[1]!.Dispose();
        places[2]!.Dispose(); // the two callers accepted meanwhile need one place each
        Assert.NotNull(_queue.TryEnter(HashingShare.SignIns, "a"));
    }

    [Fact]
    public void Before_the_first_was_hashed_an_estimate_counts()
    {
        var queue = NewQueue(TimeSpan.FromSeconds(1));

        var granted = Enumerable.Range(0, 100).Count(_ => queue.TryEnter(HashingShare.SignIns, "a") is not null);

        Assert.Equal(6, granted);
    }

    [Fact]
    public async Task A_few_that_take_long_count_as_much_as_they_take()
    {
        foreach (var seconds in new[] { 0.1, 0.1, 0.1, 0.1, 4.6 })
            await MeasureAsync(TimeSpan.FromSeconds(seconds));

        var granted = Enumerable.Range(0, 100).Count(_ => _queue.TryEnter(HashingShare.SignIns, "a") is not null);

        Assert.Equal(6, granted);
    }

    [Fact]
    public async Task The_other_share_makes_the_wait_twice_as_long()
    {
        await MeasureAsync(TimeSpan.FromSeconds(1));
        for (var place = 0; place < 6; place++)
            Assert.NotNull(_queue.TryEnter(HashingShare.Administration, "z"));

        var granted = Enumerable.Range(0, 6).Count(_ => _queue.TryEnter(HashingShare.SignIns, "a") is not null);

        Assert.Equal(3, granted);
    }

    public void Dispose() => _release.Dispose();

    private HashingQueue NewQueue(TimeSpan estimate) => new(cores: 1, estimate, new HashingMetrics(new UnheardMeters()), _clock);

    private List<Task> Start(string[] names, HashingShare share = HashingShare.SignIns, CancellationToken hungUp = default) =>
        [.. names.Select(name => RunAsync(name, share, hungUp))];

    private async Task RunAsync(string name, HashingShare share, CancellationToken hungUp)
    {
        using var place = _queue.TryEnter(share, name[..1])!;
        await place.RunAsync(() =>
        {
            _release.Wait();
            _done.Add(name);
            return true;
        }, hungUp);
    }

    private async Task MeasureAsync(TimeSpan duration)
    {
        using var place = _queue.TryEnter(HashingShare.SignIns, "a")!;
        await place.RunAsync(() => _clock.Now += duration, CancellationToken.None);
    }

    private sealed class ManualClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
