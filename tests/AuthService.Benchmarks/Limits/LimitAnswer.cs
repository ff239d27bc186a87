using System.Text;
using Microsoft.AspNetCore.Http;

namespace AuthService.Benchmarks.Limits;

/// <summary>Writes responses with the least work that the service's responses need: the same headers, a known length, one write.</summary>
internal static class LimitAnswer
{
    public static byte[] OfSize(int bytes) => Encoding.ASCII.GetBytes($"\"{new string('x', Math.Max(bytes - 2, 0))}\"");

    public static Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> json)
    {
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        response.Headers.CacheControl = "no-store";
        return response.BodyWriter.WriteAsync(json).AsTask();
    }
}

/// <summary>The limit of HTTP itself: a constant response of the same size.</summary>
internal sealed class ConstantLimit(int bytes)
{
    private readonly byte[] _answer = LimitAnswer.OfSize(bytes);

    public Task HandleAsync(HttpContext context) => LimitAnswer.WriteAsync(context.Response, _answer);
}
