using Microsoft.AspNetCore.Diagnostics;

namespace AuthService.Api.Http.Errors;

/// <summary>
/// Metadata of an endpoint whose errors are not written as its surface writes them: it answers people and not programs, with pages, or programs as a
/// specification says.
/// </summary>
/// <param name="WriteAsync">Writes the page, or the body; status and headers are set.</param>
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
