using System.Globalization;
using AuthService.Benchmarks.Run;

namespace AuthService.Benchmarks.Scale;

/// <summary>The parts of a run at scale, for <c>--only</c>.</summary>
internal static class Parts
{
    public const string Refresh = "refresh";
    public const string CleanUp = "cleanup";
    public const string Crowd = "crowd";
    public const string Bytes = "bytes";
    public const string Sqlite = "sqlite";
    public const string Instances = "instances";
    public const string Standby = "standby";
    public const string Explain = "explain";

    public static readonly IReadOnlyList<string> All = [Refresh, CleanUp, Crowd, Bytes, Sqlite, Instances, Standby, Explain];

    /// <summary>The parts that run by default. Plans are long, and only useful for work on indexes.</summary>
    public static readonly IReadOnlyList<string> Usual = [.. All.Except([Explain], StringComparer.Ordinal)];
}

/// <summary>The options of a run at scale.</summary>
/// <param name="Turns">The lengths and the number of turns.</param>
/// <param name="Sizes">The numbers of sessions in the stores, the smallest first.</param>
/// <param name="Wanted">The parts to run, from <see cref="Parts"/>.</param>
internal sealed record ScaleOptions(BenchmarkOptions Turns, IReadOnlyList<int> Sizes, IReadOnlyList<string> Wanted)
{
    public const string UsualSizes = "10000,1000000,10000000";
    private const int FewestSessions = 1_000;

    /// <exception cref="BenchmarkException">There is no such part, or a size is invalid.</exception>
    public static ScaleOptions Of(bool quick, string sizes, string? only, bool explain)
    {
        var parts = only?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [.. Parts.Usual];
        if (parts.FirstOrDefault(name => !Parts.All.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw new BenchmarkException($"There is no part '{unknown}'; there are {string.Join(", ", Parts.All)}.");

        int[] numbers = [.. sizes.Split(',').Select(Number).Order()];
        return new(BenchmarkOptions.Of(quick, Store.Postgres, only: null), numbers, explain ? [.. parts, Parts.Explain] : parts);
    }

    public bool Wants(string part) => Wanted.Contains(part, StringComparer.Ordinal);

    private static int Number(string size) => int.TryParse(size, CultureInfo.InvariantCulture, out var number) && number >= FewestSessions
        ? number
        : throw new BenchmarkException($"'{size}' is not a number of sessions: numbers from {FewestSessions} on, joined by commas, for example {UsualSizes}.");
}
