using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>Callers that call without pause, whatever happens, until they are told to stop.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _callers;

    private Load(Recorder recorder, LoadUsers users, Func<Uri?>[] instances) =>
        _callers = [.. users.People.Select((person, i) =>
            Task.Run(new Caller(recorder, users, instances, person, unchecked((Effort.Seed * 397) + i), _end.Token).RunAsync))];

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
}
