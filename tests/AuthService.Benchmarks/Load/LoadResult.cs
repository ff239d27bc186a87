namespace AuthService.Benchmarks.Load;

/// <summary>The results of a counted interval.</summary>
/// <param name="Requests">The number of answered requests, with any status.</param>
/// <param name="RequestsPerSecond">The sum of the rates of all connections, each over its own time.</param>
/// <param name="Latencies">The times from the send call to the last byte of the response.</param>
/// <param name="Errors">The number of responses with an unexpected status.</param>
/// <param name="FirstError">The first of them, or the reason why the load was stopped.</param>
internal sealed record LoadResult(long Requests, double RequestsPerSecond, LatencyHistogram Latencies, long Errors, string? FirstError);
