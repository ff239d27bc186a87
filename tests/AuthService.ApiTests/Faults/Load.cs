using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>Somebody in a <see cref="Load"/>.</summary>
internal interface ILoadCaller
{
    /// <summary>A few calls that belong together.</summary>
    /// <param name="end">The load is told to stop: what was begun is finished, and nothing more is waited for.</param>
    Task CallAsync(CancellationToken end);
}

/// <summary>Callers that call without pause, whatever happens, until they are told to stop.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _callers;

    private Load(Recorder recorder, LoadUsers users, Func<Uri?>[] instances) =>
        _callers = [.. CreateCallers(users, () => new InstanceCalls(recorder, instances)).Index().Select(caller => Task.Run(() =>
            RunAsync(caller.Item(RandomOf(caller.Index)), RandomOf(caller.Index))))];

    /// <param name="recorder">Notes what is called.</param>
    /// <param name="users">Who calls, each person at the same time.</param>
    /// <param name="instances">Where they are called; null while one is not to be called.</param>
    public static Load Start(Recorder recorder, LoadUsers users, params Func<Uri?>[] instances) => new(recorder, users, instances);

    /// <summary>Lets each caller finish what it has begun.</summary>
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
            await Task.Delay(random.Next(20), CancellationToken.None);
        }
    }
}
