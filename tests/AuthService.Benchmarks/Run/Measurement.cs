namespace AuthService.Benchmarks.Run;

/// <summary>The figures of one turn of one contender.</summary>
/// <param name="RequestsPerSecond">Answers a second.</param>
/// <param name="ServerCpu">CPU of the serving process for one request; null where it did something else too.</param>
/// <param name="DatabaseCpu">CPU of PostgreSQL for one request; null where there is none to see.</param>
/// <param name="P50">Half of the answers came within this; null where nothing is answered one by one.</param>
/// <param name="P99">All but one in a hundred came within this; null likewise.</param>
/// <param name="Errors">Answers that were not 2xx, and connections lost.</param>
/// <param name="FirstError">The first of these in words.</param>
internal sealed record Measurement(
    double RequestsPerSecond,
    TimeSpan? ServerCpu,
    TimeSpan? DatabaseCpu,
    TimeSpan? P50,
    TimeSpan? P99,
    long Errors,
    string? FirstError);

/// <summary>Something that can be measured for a while.</summary>
internal interface IContender
{
    /// <summary>Load whose figures nobody wants.</summary>
    void WarmUp(TimeSpan interval, CancellationToken cancellationToken);

    Measurement Measure(TimeSpan interval, CancellationToken cancellationToken);

    /// <summary>What else there is to know of it, for a line below the table.</summary>
    string? Note => null;
}

/// <summary>A contender with its name in the table and the name of the row that it stands beside.</summary>
internal sealed record Row(string Name, IContender Contender, string? Limit, TimeSpan Interval)
{
    /// <summary>Another operation that its rate is compared with.</summary>
    public string? Other { get; init; }
}
