using AuthService.Refusals;
using AuthService.Tokens;

namespace AuthService.Api.Http.Errors;

/// <summary>A refusal. The API that returns it writes it in its own format.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A stable code for programs.</param>
/// <param name="Message">A description for people. It never says more than the caller may know.</param>
internal sealed record ApiError(int Status, string Code, string Message)
{
    /// <summary>All faults of the input, for APIs that list them (422).</summary>
    public IReadOnlyList<InputFault> Faults { get; init; } = [];

    /// <summary>The name of the missing field, for a page that describes it in its own words.</summary>
    public string? MissingField { get; init; }

    /// <summary>The time to wait before a retry, for 429 and 503.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A token with which the person may set a new password, for 403 at a sign-in.</summary>
    public PasswordResetToken? PasswordResetToken { get; init; }

    /// <summary>The authentication that the endpoint accepts, for 401 (RFC 9110, section 11.6.1).</summary>
    public string Challenge { get; init; } = "Bearer";

    /// <summary>The reason for the administrators of the service, when it is known where the error is created (<see cref="RefusalNotes"/>).</summary>
    public RefusalNote? Note { get; init; }

    /// <summary>The trace id of the call, as in the service's logs and traces. It is set when the error is written.</summary>
    public string TraceId { get; init; } = "";

    public static ApiError BadRequest(string message, string code = ErrorCodes.BadRequest) => new(StatusCodes.Status400BadRequest, code, message);

    public static ApiError Missing(string field) => BadRequest($"{field} is missing") with { MissingField = field };

    public static ApiError Unprocessable(params IReadOnlyList<InputFault> faults) =>
        new(StatusCodes.Status422UnprocessableEntity, ErrorCodes.Unprocessable, "The input is not valid") { Faults = faults };

    /// <summary>Creates the error for a status that the framework, not a handler, has set.</summary>
    public static ApiError FromStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => BadRequest("The request is malformed"),
        StatusCodes.Status401Unauthorized => new(status, ErrorCodes.Unauthenticated, "Missing or invalid credentials"),
        StatusCodes.Status403Forbidden => new(status, ErrorCodes.Forbidden, "Not allowed with these credentials"),
        StatusCodes.Status404NotFound => new(status, ErrorCodes.NotFound, "There is nothing here"),
        StatusCodes.Status405MethodNotAllowed => new(status, ErrorCodes.MethodNotAllowed, "This method is not allowed here"),
        StatusCodes.Status408RequestTimeout => new(status, ErrorCodes.BadRequest, "The body came too slowly"),
        StatusCodes.Status413PayloadTooLarge => new(status, ErrorCodes.PayloadTooLarge, "The body is too large"),
        StatusCodes.Status415UnsupportedMediaType => new(status, ErrorCodes.UnsupportedMediaType, "This content type is not understood here"),
        StatusCodes.Status429TooManyRequests => new(status, ErrorCodes.TooManyRequests, "Too many requests"),
        StatusCodes.Status503ServiceUnavailable => new(status, ErrorCodes.Unavailable, "The service is not available at the moment")
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        },
        >= 500 => new(status, ErrorCodes.ServerError, "Something went wrong on our side"),
        _ => new(status, ErrorCodes.BadRequest, "The request was refused"),
    };
}

/// <summary>A fault of the input.</summary>
/// <param name="Location">
/// The place of the fault: <c>body</c>, <c>query</c>, <c>path</c> or <c>header</c>, followed by the names of the members that lead to it.
/// </param>
/// <param name="Message">A description for people of what is allowed.</param>
/// <param name="Type">A stable code for programs.</param>
internal sealed record InputFault(IReadOnlyList<string> Location, string Message, string Type);
