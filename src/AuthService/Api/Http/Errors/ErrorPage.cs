using Microsoft.AspNetCore.Diagnostics;

namespace AuthService.Api.Http.Errors;

/// <summary>Metadata of an endpoint that answers people and not programs: its errors are pages as well.</summary>
/// <param name="WriteAsync">Writes the page; status and headers are set.</param>
internal sealed record ErrorPage(Func<HttpContext, ApiError, Task> WriteAsync)
{
    /// <returns>Null where errors are for programs.</returns>
    public static ErrorPage? Of(HttpContext context)
    {
        // After an exception the framework has forgotten the endpoint, but for this feature.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return endpoint?.Metadata.GetMetadata<ErrorPage>();
    }
}
