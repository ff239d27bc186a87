using System.Buffers;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AuthService.Api.Http.Browser;

/// <summary>What pages of other origins may do (CORS): those of trusted ones everything, with any header.</summary>
internal static class CrossOrigin
{
    private static readonly TimeSpan PreflightsMayBeCached = TimeSpan.FromMinutes(10);

    /// <summary>Names of headers and methods (RFC 9110, 5.6.2), in a list.</summary>
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
    /// For an answer that may be cached: it names an origin that is allowed, and a cache must not give a page the answer of a caller who named none. For the
    /// allowed ones the framework says so itself.
    /// </summary>
    public static void VaryByOrigin(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !context.RequestServices.GetRequiredService<TrustedOrigins>().IsTrusted(origin))
            context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
    }

    /// <summary>The framework repeats them in headers of the answer, where not every character may stand.</summary>
    private static void DropUnlessNames(IHeaderDictionary headers, string header)
    {
        if (headers.TryGetValue(header, out StringValues names) && names.ToString().AsSpan().ContainsAnyExcept(InNames))
            headers.Remove(header);
    }
}
