using System.Net;
using System.Text;
using AuthService.Benchmarks.Run;

namespace AuthService.Benchmarks.Load;

/// <summary>Sends one request outside of any measurement, and returns the body of the response.</summary>
internal static class SingleCall
{
    /// <exception cref="BenchmarkException">The response is not 2xx.</exception>
    public static byte[] Body(IPEndPoint server, byte[] request)
    {
        using var connection = new LoadConnection(server, new RepeatedRequests([request]));
        connection.Socket.Blocking = true;
        connection.Socket.ReceiveTimeout = 10_000;
        connection.SendNext();
        int status;
        while ((status = connection.Receive(out _)) == 0)
        {
            // The rest has not arrived yet.
        }

        var body = ResponseReader.Body(connection.Response);
        var requestLine = Encoding.ASCII.GetString(request).Split('\r')[0];
        return status is >= 200 and < 300
            ? body
            : throw new BenchmarkException($"{requestLine} answered {status} {Encoding.UTF8.GetString(body)}");
    }
}
