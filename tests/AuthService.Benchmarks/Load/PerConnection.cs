namespace AuthService.Benchmarks.Load;

/// <summary>What is sent over each of the connections of a load.</summary>
internal static class PerConnection
{
    /// <summary>Deals the requests out to the connections; where there are fewer requests, connections share them.</summary>
    public static IEnumerable<RequestSource> Spread(IReadOnlyList<byte[]> all, int connections) => Enumerable.Range(0, connections)
        .Select(connection => new RepeatedRequests([.. all.Where((_, i) => i % connections == connection % all.Count)]));

    /// <summary>Another value each time.</summary>
    public static IEnumerable<RequestSource> Numbered(byte[] request, int connections) =>
        Enumerable.Range(0, connections).Select(_ => new NumberedRequests(request));

    /// <summary>Another id each time, of those that can be drawn.</summary>
    public static IEnumerable<RequestSource> Drawn(byte[] request, Func<Guid> draw, int connections) =>
        Enumerable.Range(0, connections).Select(_ => new DrawnRequests(request, draw));
}
