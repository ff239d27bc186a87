namespace AuthService.Api.Http.Input;

/// <summary>Refuses a compressed body, because this service does not decompress any (RFC 9110, 8.4 and 15.5.16).</summary>
internal static class BodyEncoding
{
    public static IApplicationBuilder UseBodyEncoding(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding.Length is 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return Task.CompletedTask;
    });
}
