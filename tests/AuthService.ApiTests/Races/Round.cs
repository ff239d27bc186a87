using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Races;

/// <summary>
/// One round of a race. Its random choices (the order, the instance, the pause) depend only on the seed and the number of the round. The round makes
/// them itself, not the calls that run in parallel.
/// </summary>
internal sealed class Round(int number, Twins twins)
{
    private const int LongestPause = 4;

    private readonly Random _chance = new(unchecked(Effort.Seed + (number * 7_919)));

    public int Number => number;

    /// <summary>Whether the calls really ran at the same time. Races that can tell set it.</summary>
    public bool WasClose { get; set; }

    public bool Maybe() => _chance.Next(2) == 0;

    /// <param name="from">The lowest value.</param>
    /// <param name="to">The highest value, inclusive.</param>
    public int Between(int from, int to) => _chance.Next(from, to + 1);

    public T OneOf<T>(params T[] choices) => choices[_chance.Next(choices.Length)];

    public AuthHost Either() => OneOf(twins.One, twins.Other);

    /// <summary>Waits for a few milliseconds or not at all.</summary>
    public Task PauseAsync() => Task.Delay(Pause());

    /// <summary>Starts calls, which are running when this returns. Their order, instances and pauses are random.</summary>
    /// <returns>One task for each caller, from 0.</returns>
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
