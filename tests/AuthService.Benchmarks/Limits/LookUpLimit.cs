using Microsoft.AspNetCore.Http;

namespace AuthService.Benchmarks.Limits;

/// <summary>The limit of whatever reads a session: a look-up, and an answer of the operation's size.</summary>
/// <param name="find">Null when there is no usable session.</param>
/// <param name="bytes">Of the answer.</param>
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
