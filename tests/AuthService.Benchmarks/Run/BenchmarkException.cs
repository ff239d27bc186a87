namespace AuthService.Benchmarks.Run;

/// <summary>The benchmark cannot be run, for a reason that its user can mend; the message says what is missing.</summary>
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
