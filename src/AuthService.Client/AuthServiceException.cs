using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace AuthService.Client;

/// <summary>
/// AuthService refused a call. <see cref="HttpRequestException.StatusCode"/> is the status. When AuthService cannot be reached a call throws an
/// <see cref="HttpRequestException"/> of another type.
/// </summary>
[SuppressMessage("Roslynator", "RCS1194", Justification = "Only a refused call makes one")]
public sealed class AuthServiceException : HttpRequestException
{
    internal AuthServiceException(HttpStatusCode status, string? code, string message, string? traceId, TimeSpan? retryAfter)
        : base(message, inner: null, status) => (Code, TraceId, RetryAfter) = (code, traceId, retryAfter);

    /// <summary>A stable code for programs, such as <c>SCOPE_NOT_ALLOWED</c> or <c>invalid_request</c>. Null if the answer has none.</summary>
    public string? Code { get; }

    /// <summary>The id of the call in AuthService's log and traces. Null if the answer has none.</summary>
    public string? TraceId { get; }

    /// <summary>How long to wait before a retry, for 429 and 503. Null if the answer does not say.</summary>
    public TimeSpan? RetryAfter { get; }
}
