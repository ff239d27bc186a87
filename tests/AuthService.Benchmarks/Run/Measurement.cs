namespace AuthService.Benchmarks.Run;

/// <summary>The figures of one turn of one contender.</summary>
/// <param name="RequestsPerSecond">The responses a second.</param>
/// <param name="ServerCpu">The server's CPU time for one request; null when the process did other work too.</param>
/// <param name="DatabaseCpu">PostgreSQL's CPU time for one request; null when it is not visible.</param>
/// <param name="P50">The median latency; null when there are no single responses.</param>
/// <param name="P99">The 99th percentile of the latency; null when there are no single responses, or too few.</param>
/// <param name="Errors">The number of unexpected responses and lost connections.</param>
/// <param name="FirstError">The first error, in words.</param>
internal sealed record Measurement(
    double RequestsPerSecond,
    TimeSpan? ServerCpu,
    TimeSpan? DatabaseCpu,
    TimeSpan? P50,
    TimeSpan? P99,
    long Errors,
    string? FirstError);

/// <summary>A subject of measurements.</summary>
internal interface IContender
{
    /// <summary>Loads the subject without counting.</summary>
    void WarmUp(TimeSpan interval, CancellationToken cancellationToken);

    Measurement Measure(TimeSpan interval, CancellationToken cancellationToken);

    /// <summary>Further facts for a line below the table; null for none.</summary>
    string? Note => null;
}

/// <summary>A contender with its name in the table and the name of the row with its limit.</summary>
internal sealed record Row(string Name, IContender Contender, string? Limit, TimeSpan Interval)
{
    /// <summary>The name of another operation with which its rate is compared.</summary>
    public string? Other { get; init; }
}
