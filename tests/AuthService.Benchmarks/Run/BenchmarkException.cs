namespace AuthService.Benchmarks.Run;

/// <summary>The benchmark cannot run, for a reason that the user can fix. The message says what is missing.</summary>
internal sealed class BenchmarkException : Exception
{
    public BenchmarkException()
    {
    }

    public BenchmarkException(string message)
        : base(message)
    {
    }

    public BenchmarkException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
