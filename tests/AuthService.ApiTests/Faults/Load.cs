using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>A caller in a <see cref="Load"/>.</summary>
internal interface ILoadCaller
{
    /// <summary>Makes a few calls that belong together.</summary>
    /// <param name="end">Cancelled when the load stops: the caller finishes what it has begun, and waits for nothing more.</param>
    Task CallAsync(CancellationToken end);
}

/// <summary>Callers that call with short pauses, whatever happens, until the load is stopped.</summary>
internal sealed class Load : IAsyncDisposable
{
    /// <summary>The longest pause of a caller, in milliseconds. The short form leaves time to the tests beside it.</summary>
    private static readonly int LongestPause = Effort.Of(usual: 100, @long: 20);

    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _callers;

    private Load(Recorder recorder, LoadUsers users, Func<Uri?>[] instances) =>
        _callers = [.. CreateCallers(users, () => new InstanceCalls(recorder, instances)).Index().Select(caller => Task.Run(() =>
            RunAsync(caller.Item(RandomOf(caller.Index)), RandomOf(caller.Index))))];

    /// <param name="recorder">Records the calls.</param>
    /// <param name="users">The users who call, all at the same time.</param>
    /// <param name="instances">The addresses of the instances. Null while an instance must not be called.</param>
    public static Load Start(Recorder recorder, LoadUsers users, params Func<Uri?>[] instances) => new(recorder, users, instances);

    /// <summary>Stops the load. Each caller finishes what it has begun.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private static IEnumerable<Func<Random, ILoadCaller>> CreateCallers(LoadUsers users, Func<InstanceCalls> calls) =>
    [
        .. users.People.Select(person => (Func<Random, ILoadCaller>)(random => new Caller(calls(), users, person, random))),
        .. users.WithApp.Select(user => (Func<Random, ILoadCaller>)(random => new SecondStepCaller(calls(), users, user, random))),
        .. users.WithPasskey.Select(user => (Func<Random, ILoadCaller>)(random => new PasskeyCaller(calls(), users, user, random))),
        .. users.WithMail.Select(user => (Func<Random, ILoadCaller>)(_ => new MailCaller(calls(), user))),
        .. users.Owing.Select(person => (Func<Random, ILoadCaller>)(_ => new OwingCaller(calls(), person))),
    ];

    private static Random RandomOf(int caller) => new(unchecked((Effort.Seed * 397) + caller));

    private async Task RunAsync(ILoadCaller caller, Random random)
    {
        while (!_end.IsCancellationRequested)
        {
            await caller.CallAsync(_end.Token);
            await Task.Delay(random.Next(LongestPause), CancellationToken.None);
        }
    }
}
