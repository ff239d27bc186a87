using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>
/// Handles the path of <c>PublicAddress</c>. A proxy in front may remove this prefix or keep it: the service answers with and without it. Every link in a
/// response has the prefix.
/// </summary>
internal static class PathPrefix
{
    public static IApplicationBuilder UsePathPrefix(this WebApplication app)
    {
        var address = app.Services.GetRequiredService<IOptionsMonitor<PublicAddressOptions>>();
        return app.Use((context, next) =>
        {
            if (address.CurrentValue.PathPrefix is { Length: > 0 } prefix)
                Apply(context, new PathString(prefix));
            return next(context);
        });
    }

    private static void Apply(HttpContext context, PathString prefix)
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase, out var rest))
            request.Path = rest.HasValue ? rest : "/";
        request.PathBase = prefix;
        context.Response.OnStarting(static state =>
        {
            var (response, prefix) = ((HttpResponse, PathString))state;
            if (response.Headers.Location.ToString() is ['/', ..] location)
                response.Headers.Location = $"{prefix.ToUriComponent()}{location}";
            return Task.CompletedTask;
        }, (context.Response, prefix));
    }
}
