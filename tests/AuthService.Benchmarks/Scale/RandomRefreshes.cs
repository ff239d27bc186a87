using System.Text;
using AuthService.Benchmarks.Load;

namespace AuthService.Benchmarks.Scale;

/// <summary>Refreshes another random session of the filled ones each time.</summary>
internal sealed class RandomRefreshes : RequestSource
{
    private readonly NumberedSessions _sessions;
    private readonly Func<long> _draw;
    private readonly byte[] _request;
    private readonly int _place;

    /// <param name="path">The path of the service, or of its limit.</param>
    /// <param name="sessions">The sessions with the tokens to send.</param>
    /// <param name="draw">Returns the number of the next session.</param>
    public RandomRefreshes(string path, NumberedSessions sessions, Func<long> draw)
    {
        const string bearer = "Authorization: Bearer ";
        var head = $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nContent-Length: 0\r\n{bearer}";
        _place = head.Length;
        _request = Encoding.ASCII.GetBytes(head + new string('.', NumberedSessions.TokenLength) + "\r\n\r\n");
        (_sessions, _draw) = (sessions, draw);
    }

    public override ReadOnlySpan<byte> Next()
    {
        _sessions.WriteToken(_draw(), _request.AsSpan(_place));
        return _request;
    }
}
