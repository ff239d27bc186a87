using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace AuthService.Client;

/// <summary>
/// AuthService refused a call; <see cref="HttpRequestException.StatusCode"/> says with what status. When it could not be reached at all a call
/// ends with an <see cref="HttpRequestException"/> that is none of these.
/// </summary>
[SuppressMessage("Roslynator", "RCS1194", Justification = "Only a refused call makes one")]
public sealed class AuthServiceException : HttpRequestException
{
    internal AuthServiceException(HttpStatusCode status, string? code, string message, string? traceId, TimeSpan? retryAfter)
        : base(message, inner: null, status) => (Code, TraceId, RetryAfter) = (code, traceId, retryAfter);

    /// <summary>Stable, for programs: <c>SCOPE_NOT_ALLOWED</c>, <c>CONCURRENT_ACCESS</c>, <c>invalid_request</c>. Null where the answer has none.</summary>
    public string? Code { get; }

    /// <summary>Under which the call stands in AuthService's log and traces. Null where the answer has none.</summary>
    public string? TraceId { get; }

    /// <summary>How long to wait before trying again, for 429 and 503. Null where the answer does not say.</summary>
    public TimeSpan? RetryAfter { get; }
}
