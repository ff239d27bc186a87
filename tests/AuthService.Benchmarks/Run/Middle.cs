namespace AuthService.Benchmarks.Run;

/// <summary>Computes the median of a figure.</summary>
internal static class Middle
{
    public static double Of<T>(IReadOnlyList<T> all, Func<T, double> figure)
    {
        double[] sorted = [.. all.Select(figure).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Returns the median; null unless all items have the figure.</summary>
    public static double? Of<T>(IReadOnlyList<T> all, Func<T, double?> figure) =>
        all.All(one => figure(one) is not null) ? Of(all, one => figure(one)!.Value) : null;
}
