namespace AuthService.Api.Http.Browser;

/// <summary>Headers that every answer has, errors included. A page or a public document sets its own where it differs.</summary>
internal static class SecurityHeaders
{
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        Apply(context);
        return next(context);
    });

    /// <summary>Once more for an error after an exception, when the framework has cleared the answer.</summary>
    public static void Apply(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Cross-Origin-Opener-Policy"] = "same-origin"; // no window of another site keeps a handle on a page
        headers["Cross-Origin-Resource-Policy"] = "same-origin"; // nor does it embed an answer; fetches that CORS allows are not affected
        if (context.RequestServices.GetRequiredService<HostCookies>().IsSecure(context.Request))
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
    }
}
