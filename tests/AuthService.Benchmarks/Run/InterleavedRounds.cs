namespace AuthService.Benchmarks.Run;

/// <summary>Measures a group of rows in turns (A B C A B C …), so that a change on the machine affects an operation and its limit equally.</summary>
internal static class InterleavedRounds
{
    public static IReadOnlyList<RowResult> Run(IReadOnlyList<Row> group, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var turns = group.ToDictionary(row => row.Name, _ => new List<Measurement>(), StringComparer.Ordinal);
        foreach (var row in group)
        {
            Console.Error.WriteLine($"warming up {row.Name}");
            row.Contender.WarmUp(options.FirstWarmUp, cancellationToken);
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var row in group)
            {
                Console.Error.WriteLine($"round {round} of {options.Rounds}: {row.Name}");
                turns[row.Name].Add(row.Contender.Measure(row.Interval, cancellationToken));
            }
        }

        return [.. group.Select(row => RowResult.Of(row, turns[row.Name], TurnsOf(row.Limit), TurnsOf(row.Other)))];

        List<Measurement>? TurnsOf(string? name) => name is null ? null : turns[name];
    }
}
