using System.Globalization;
using AuthService.Benchmarks.Run;

namespace AuthService.Benchmarks.Scale;

/// <summary>Prints each table as soon as it is complete, because a run takes long, and the goals at the end.</summary>
internal sealed class ScaleReport
{
    private readonly MarkdownTable _goals = new("what", "figure", "goal", "met");

    /// <summary>Whether a call was refused that should have succeeded.</summary>
    public bool HasFailures { get; private set; }

    public static void Print(string title, object text) => Console.WriteLine($"### {title}\n\n{text}");

    public void AtMost(string what, double figure, double goal, string unit = "") => Judge(what, figure, $"at most {Text(goal)}{unit}", figure <= goal, unit);

    public void AtLeast(string what, double figure, double goal) => Judge(what, figure, $"at least {Text(goal)}", figure >= goal, unit: "");

    /// <summary>Records errors of a measurement. Its figures are then invalid, because a server that refuses is fast.</summary>
    public void NoErrors(string what, long errors, string? first)
    {
        if (errors > 0)
            Console.WriteLine($"{what} FAILED, first: {first}\n");
        HasFailures |= errors > 0;
        Judge($"errors: {what}", errors, "none", errors == 0, unit: "");
    }

    public void PrintGoals() => Print("Goals", _goals);

    private void Judge(string what, double figure, string goal, bool met, string unit) =>
        _goals.Add(what, Text(figure) + unit, goal, met ? "yes" : "NO");

    private static string Text(double figure) => figure.ToString("0.##", CultureInfo.InvariantCulture);
}
