using Microsoft.AspNetCore.Http;

namespace AuthService.Benchmarks.Limits;

/// <summary>The limit of an operation that reads a session: a look-up, and a response of the same size.</summary>
/// <param name="find">Finds the session; returns null when there is no usable one.</param>
/// <param name="bytes">The size of the response.</param>
internal sealed class LookUpLimit(Func<HttpRequest, DateTimeOffset, Task<FoundSession?>> find, int bytes)
{
    private readonly byte[] _answer = LimitAnswer.OfSize(bytes);

    public async Task HandleAsync(HttpContext context)
    {
        if (await find(context.Request, DateTimeOffset.UtcNow) is not null)
            await LimitAnswer.WriteAsync(context.Response, _answer);
        else
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }
}
