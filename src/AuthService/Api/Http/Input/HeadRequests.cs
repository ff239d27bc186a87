namespace AuthService.Api.Http.Input;

/// <summary>
/// Answers HEAD as GET is answered (RFC 9110, 9.3.2): probes and link checkers ask so. The server knows what the method was and
/// sends no body, of an error neither.
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
