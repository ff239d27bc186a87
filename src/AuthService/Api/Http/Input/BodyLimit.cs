using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http.Input;

/// <summary>Refuses a body with a too large <c>Content-Length</c> before any byte is read. Kestrel stops a body that does not declare its length.</summary>
internal static class BodyLimit
{
    public const long Bytes = 64 * 1024;
    public const long BulkBytes = 2 * 1024 * 1024;

    public static IApplicationBuilder UseBodyLimit(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? Bytes;
        if (context.Request.ContentLength <= limit || context.Request.ContentLength is null)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        return Task.CompletedTask;
    });
}
