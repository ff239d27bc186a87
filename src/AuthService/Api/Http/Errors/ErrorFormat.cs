using Microsoft.AspNetCore.Diagnostics;

namespace AuthService.Api.Http.Errors;

/// <summary>
/// Metadata of an endpoint with another error format than its API, because it answers people with pages, or programs in the format of a specification.
/// </summary>
/// <param name="WriteAsync">Writes the page or the body. Status and headers are already set.</param>
internal sealed record ErrorFormat(Func<HttpContext, ApiError, Task> WriteAsync)
{
    /// <returns>Null when the errors have the format of the API.</returns>
    public static ErrorFormat? Of(HttpContext context) => context.FindCalledEndpoint()?.Metadata.GetMetadata<ErrorFormat>();
}

internal static class CalledEndpoint
{
    /// <summary>Finds the endpoint of the call, also after an exception, when the framework keeps the endpoint only in this feature.</summary>
    public static Endpoint? FindCalledEndpoint(this HttpContext context) =>
        context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
}
