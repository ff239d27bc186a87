namespace AuthService.Benchmarks.Load;

/// <summary>Makes the requests for each connection of a load.</summary>
internal static class PerConnection
{
    /// <summary>Distributes the requests over the connections. Connections share requests when there are fewer of them.</summary>
    public static IEnumerable<RequestSource> Spread(IReadOnlyList<byte[]> all, int connections) => Enumerable.Range(0, connections)
        .Select(connection => new RepeatedRequests([.. all.Where((_, i) => i % connections == connection % all.Count)]));

    /// <summary>Makes requests with a new value each time.</summary>
    public static IEnumerable<RequestSource> Numbered(byte[] request, int connections) =>
        Enumerable.Range(0, connections).Select(_ => new NumberedRequests(request));

    /// <summary>Makes requests with a new id each time, from those that can be drawn.</summary>
    public static IEnumerable<RequestSource> Drawn(byte[] request, Func<Guid> draw, int connections) =>
        Enumerable.Range(0, connections).Select(_ => new DrawnRequests(request, draw));
}
