using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Races;

/// <summary>
/// One round of a race. What is left to chance in it (who goes first, on which instance, after which pause) follows from the
/// seed and the number of the round alone; it is asked for by the round itself, not by the calls that run side by side.
/// </summary>
internal sealed class Round(int number, Twins twins)
{
    private const int LongestPause = 4;

    private readonly Random _chance = new(unchecked(Effort.Seed + (number * 7_919)));

    public int Number => number;

    /// <summary>Whether what was to meet did meet; races that can tell say so here.</summary>
    public bool WasClose { get; set; }

    public bool Maybe() => _chance.Next(2) == 0;

    /// <param name="from">The least.</param>
    /// <param name="to">The most, not excluded.</param>
    public int Between(int from, int to) => _chance.Next(from, to + 1);

    public T OneOf<T>(params T[] choices) => choices[_chance.Next(choices.Length)];

    public AuthHost Either() => OneOf(twins.One, twins.Other);

    /// <summary>Nothing at all, or a few milliseconds.</summary>
    public Task PauseAsync() => Task.Delay(Pause());

    /// <summary>Calls that are under way when this returns, in an order, on instances and after pauses of chance's.</summary>
    /// <returns>One for each caller, from 0 on.</returns>
    public Task<T>[] Start<T>(int callers, Func<AuthHost, int, Task<T>> call)
    {
        var order = Enumerable.Range(0, callers).ToArray();
        _chance.Shuffle(order);
        var running = new Task<T>[callers];
        foreach (var caller in order)
        {
            var (instance, pause) = (Either(), Pause());
            running[caller] = Task.Run(async () =>
            {
                await Task.Delay(pause);
                return await call(instance, caller);
            });
        }

        return running;
    }

    /// <inheritdoc cref="Start"/>
    public Task<T[]> AtOnceAsync<T>(int callers, Func<AuthHost, int, Task<T>> call) => Task.WhenAll(Start(callers, call));

    private int Pause() => Maybe() ? 0 : _chance.Next(LongestPause + 1);
}
