namespace AuthService.ApiTests.Hosting;

/// <summary>The amount of work of the proofs: a short form that runs beside all other tests, and a long form with <c>tests/run.sh --long</c>.</summary>
internal static class Effort
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("AUTHSERVICE_TESTS_LONG") is "1";

    public static int Of(int usual, int @long) => IsLong ? @long : usual;

    public static TimeSpan Of(TimeSpan usual, TimeSpan @long) => IsLong ? @long : usual;

    /// <summary>
    /// The seed of this run, different in every run. <c>AUTHSERVICE_TESTS_SEED</c> repeats a run that failed. Every failure message should contain
    /// it.
    /// </summary>
    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("AUTHSERVICE_TESTS_SEED"), out var seed)
        ? seed
        : Random.Shared.Next();
}
