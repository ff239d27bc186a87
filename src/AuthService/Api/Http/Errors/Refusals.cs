using System.Reflection;
using AuthService.Principals.Passwords;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http.Errors;

/// <summary>A result that is an error, written in the format of the API that returns it.</summary>
internal abstract class Refusal(ApiError error) : IResult
{
    public static implicit operator ApiError(Refusal refusal) => refusal.Error;

    private ApiError Error => error;

    public Task ExecuteAsync(HttpContext httpContext) => httpContext.RequestServices.GetRequiredService<ErrorWriter>().WriteAsync(httpContext, Error);

    /// <summary>Documents a status of the error. The API replaces <see cref="ApiError"/> with its own error type (see <see cref="Surface"/>).</summary>
    protected static void AddResponse(EndpointBuilder builder, int status) => builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ApiError)));
}

internal sealed class BadRequestError(string message, string code = ErrorCodes.BadRequest)
    : Refusal(ApiError.BadRequest(message, code)), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => AddResponse(builder, StatusCodes.Status400BadRequest);
}

internal sealed class UnauthenticatedError(string message, string code = ErrorCodes.Unauthenticated)
    : Refusal(new ApiError(StatusCodes.Status401Unauthorized, code, message)), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => AddResponse(builder, StatusCodes.Status401Unauthorized);
}

internal sealed class ForbiddenError(string message, string code = ErrorCodes.Forbidden)
    : Refusal(new ApiError(StatusCodes.Status403Forbidden, code, message)), IEndpointMetadataProvider
{
    public static ForbiddenError NoOwnSession => new("Only in a session of one's own, which impersonates nobody", "NO_OWN_SESSION");

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => AddResponse(builder, StatusCodes.Status403Forbidden);
}

internal sealed class NotFoundError(string message, string code = ErrorCodes.NotFound)
    : Refusal(new ApiError(StatusCodes.Status404NotFound, code, message)), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => AddResponse(builder, StatusCodes.Status404NotFound);
}

internal sealed class ConflictError(string message, string code = ErrorCodes.Conflict)
    : Refusal(new ApiError(StatusCodes.Status409Conflict, code, message)), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => AddResponse(builder, StatusCodes.Status409Conflict);
}

internal sealed class UnprocessableError(params IReadOnlyList<InputFault> faults) : Refusal(ApiError.Unprocessable(faults)), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => AddResponse(builder, StatusCodes.Status422UnprocessableEntity);
}

internal sealed class TooManyRequestsError(TimeSpan retryAfter, string message, string code = ErrorCodes.TooManyRequests)
    : Refusal(new ApiError(StatusCodes.Status429TooManyRequests, code, message) { RetryAfter = retryAfter }), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => AddResponse(builder, StatusCodes.Status429TooManyRequests);
}

internal sealed class UnavailableError(string message, string code = ErrorCodes.Unavailable, TimeSpan? retryAfter = null)
    : Refusal(new ApiError(StatusCodes.Status503ServiceUnavailable, code, message) { RetryAfter = retryAfter }), IEndpointMetadataProvider
{
    /// <summary>Too many passwords are waiting to be hashed. Nothing was done.</summary>
    public static UnavailableError TooManyPasswords => new("Too many passwords are being checked", retryAfter: HashingQueue.LongestWait);

    /// <summary>The key is missing that is needed to write or read an encrypted value.</summary>
    public static UnavailableError EncryptionKeyMissing => new("The encryption that this needs is not configured", "ENCRYPTION_NOT_CONFIGURED");

    /// <summary>No mail can be sent, which is the purpose of the call.</summary>
    public static UnavailableError MailNotConfigured => new("No mail is sent here: ask an administrator", "MAIL_NOT_CONFIGURED");

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => AddResponse(builder, StatusCodes.Status503ServiceUnavailable);
}

/// <summary>The error for a request that could not be read. Its status is in the error.</summary>
internal sealed class BadInputError(ApiError error) : Refusal(error);
