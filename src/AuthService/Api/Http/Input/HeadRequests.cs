namespace AuthService.Api.Http.Input;

/// <summary>
/// Answers HEAD like GET (RFC 9110, 9.3.2), because probes and link checkers use it. The server remembers the original method and sends no body, not even of an
/// error.
/// </summary>
internal static class HeadRequests
{
    public static IApplicationBuilder UseHeadRequests(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
            context.Request.Method = HttpMethods.Get;
        return next(context);
    });
}
