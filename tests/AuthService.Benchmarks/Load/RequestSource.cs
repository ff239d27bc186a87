namespace AuthService.Benchmarks.Load;

/// <summary>The requests of one connection: complete HTTP/1.1 requests as bytes.</summary>
internal abstract class RequestSource
{
    /// <summary>Returns the next request, which is valid until the next call.</summary>
    public abstract ReadOnlySpan<byte> Next();
}

/// <summary>Sends the given requests in turn, again and again.</summary>
internal sealed class RepeatedRequests(IReadOnlyList<byte[]> requests) : RequestSource
{
    private int _next;

    public override ReadOnlySpan<byte> Next()
    {
        var request = requests[_next];
        _next = (_next + 1) % requests.Count;
        return request;
    }
}

/// <summary>Sends one request with another id each time, from those that were created for it.</summary>
internal sealed class DrawnRequests : RequestSource
{
    /// <summary>The placeholder for the id in the request.</summary>
    public const string Place = "00000000-0000-0000-0000-000000000000";

    private readonly byte[] _request;
    private readonly int _place;
    private readonly Func<Guid> _draw;

    public DrawnRequests(byte[] request, Func<Guid> draw)
    {
        _request = [.. request];
        _place = request.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Place));
        _draw = draw;
        ArgumentOutOfRangeException.ThrowIfNegative(_place, nameof(request));
    }

    public override ReadOnlySpan<byte> Next()
    {
        _draw().TryFormat(_request.AsSpan(_place), out _);
        return _request;
    }
}

/// <summary>Sends one request with another random value of 32 hex digits each time, like the ids of a client.</summary>
internal sealed class NumberedRequests : RequestSource
{
    /// <summary>The placeholder for the digits in the request.</summary>
    public const string Place = "00000000000000000000000000000000";

    private readonly byte[] _request;
    private readonly int _place;
    private readonly byte[] _id = new byte[Place.Length / 2];

    public NumberedRequests(byte[] request)
    {
        _request = [.. request];
        _place = request.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Place));
        ArgumentOutOfRangeException.ThrowIfNegative(_place, nameof(request));
    }

    public override ReadOnlySpan<byte> Next()
    {
        Random.Shared.NextBytes(_id);
        Convert.TryToHexStringLower(_id, _request.AsSpan(_place), out _);
        return _request;
    }
}
