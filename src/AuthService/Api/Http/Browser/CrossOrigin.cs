using System.Buffers;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AuthService.Api.Http.Browser;

/// <summary>Configures which calls pages of other origins may make (CORS). Pages of trusted origins may make every call, with any header.</summary>
internal static class CrossOrigin
{
    private static readonly TimeSpan PreflightsMayBeCached = TimeSpan.FromMinutes(10);

    /// <summary>The characters in a list of names of headers or methods (RFC 9110, 5.6.2).</summary>
    private static readonly SearchValues<char> InNames =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz, \t");

    public static IServiceCollection AddCrossOrigin(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<TrustedOrigins>((cors, origins) => cors.AddDefaultPolicy(policy => policy
            .SetIsOriginAllowed(origins.IsTrusted).AllowCredentials().AllowAnyMethod().AllowAnyHeader()
            .WithExposedHeaders(HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, ReceiptHeader.Name)
            .SetPreflightMaxAge(PreflightsMayBeCached)));
        return services;
    }

    public static IApplicationBuilder UseCrossOrigin(this IApplicationBuilder app)
    {
        app.Use(static (context, next) =>
        {
            DropUnlessNames(context.Request.Headers, HeaderNames.AccessControlRequestMethod);
            DropUnlessNames(context.Request.Headers, HeaderNames.AccessControlRequestHeaders);
            return next(context);
        });
        return app.UseCors();
    }

    /// <summary>
    /// Adds <c>Vary: Origin</c> to a response that may be cached. Such a response names the allowed origin, and a cache must not give a page the response to a
    /// request without an origin. For allowed origins the framework adds the header itself.
    /// </summary>
    public static void VaryByOrigin(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !context.RequestServices.GetRequiredService<TrustedOrigins>().IsTrusted(origin))
            context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
    }

    /// <summary>
    /// Removes a header with other characters, because the framework repeats its value in response headers, where not every character is allowed.
    /// </summary>
    private static void DropUnlessNames(IHeaderDictionary headers, string header)
    {
        if (headers.TryGetValue(header, out StringValues names) && names.ToString().AsSpan().ContainsAnyExcept(InNames))
            headers.Remove(header);
    }
}
