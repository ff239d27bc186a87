namespace AuthService.Benchmarks.Load;

/// <summary>What a counted interval showed.</summary>
/// <param name="Requests">Answered requests, whatever their status.</param>
/// <param name="RequestsPerSecond">The sum of what each connection did by its own clock.</param>
/// <param name="Latencies">From the send call to the last byte of the answer.</param>
/// <param name="Errors">Answers that were not 2xx.</param>
/// <param name="FirstError">The first of them, or what broke the load off.</param>
internal sealed record LoadResult(long Requests, double RequestsPerSecond, LatencyHistogram Latencies, long Errors, string? FirstError);
