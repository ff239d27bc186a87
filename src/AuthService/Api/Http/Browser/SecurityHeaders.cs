namespace AuthService.Api.Http.Browser;

/// <summary>Sets the headers of every response, including errors. A page or a public document replaces those that differ.</summary>
internal static class SecurityHeaders
{
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        Apply(context);
        return next(context);
    });

    /// <summary>Sets the headers. It is called again for an error after an exception, because the framework has then cleared the response.</summary>
    public static void Apply(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Cross-Origin-Opener-Policy"] = "same-origin"; // prevents windows of other sites from keeping a handle on a page
        headers["Cross-Origin-Resource-Policy"] = "same-origin"; // prevents other sites from embedding a response; fetches that CORS allows are not affected
        if (context.RequestServices.GetRequiredService<HostCookies>().IsSecure(context.Request))
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
    }
}
