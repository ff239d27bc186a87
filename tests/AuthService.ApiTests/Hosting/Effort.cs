namespace AuthService.ApiTests.Hosting;

/// <summary>How far the proofs go: a short form beside all other tests, a long one with <c>tests/run.sh --long</c>.</summary>
internal static class Effort
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("AUTHSERVICE_TESTS_LONG") is "1";

    public static int Of(int usual, int @long) => IsLong ? @long : usual;

    public static TimeSpan Of(TimeSpan usual, TimeSpan @long) => IsLong ? @long : usual;

    /// <summary>Another one in every run; <c>AUTHSERVICE_TESTS_SEED</c> repeats one that failed. Belongs into every message of a failure.</summary>
    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("AUTHSERVICE_TESTS_SEED"), out var seed)
        ? seed
        : Random.Shared.Next();
}
