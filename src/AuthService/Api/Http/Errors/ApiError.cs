using AuthService.Refusals;
using AuthService.Tokens;

namespace AuthService.Api.Http.Errors;

/// <summary>A refusal, before the API that it is returned from writes it in its own format.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Message">For people; never more than the caller may know.</param>
internal sealed record ApiError(int Status, string Code, string Message)
{
    /// <summary>Each thing that is wrong with the input, where a surface lists them all (422).</summary>
    public IReadOnlyList<InputFault> Faults { get; init; } = [];

    /// <summary>The one field that is missing, for a page that says so in its own words.</summary>
    public string? MissingField { get; init; }

    /// <summary>How long to wait before trying again, for 429 and 503.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>With which the person may set a new password, for 403 at a sign-in.</summary>
    public PasswordResetToken? PasswordResetToken { get; init; }

    /// <summary>What a caller may authenticate with, for 401 (RFC 9110, section 11.6.1).</summary>
    public string Challenge { get; init; } = "Bearer";

    /// <summary>Why, for whoever runs the service, where it was found before anything else could say it (<see cref="RefusalNotes"/>).</summary>
    public RefusalNote? Note { get; init; }

    /// <summary>Under which the call stands in the log lines and traces; set where the error is written.</summary>
    public string TraceId { get; init; } = "";

    public static ApiError BadRequest(string message, string code = ErrorCodes.BadRequest) => new(StatusCodes.Status400BadRequest, code, message);

    public static ApiError Unprocessable(params IReadOnlyList<InputFault> faults) =>
        new(StatusCodes.Status422UnprocessableEntity, ErrorCodes.Unprocessable, "The input is not valid") { Faults = faults };

    /// <summary>What to say when the framework, and no handler, has refused.</summary>
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

/// <summary>One thing that is wrong with the input.</summary>
/// <param name="Location">Where it stands: <c>body</c>, <c>query</c>, <c>path</c> or <c>header</c>, then the names that lead there.</param>
/// <param name="Message">For people: what is allowed.</param>
/// <param name="Type">Stable, for programs.</param>
internal sealed record InputFault(IReadOnlyList<string> Location, string Message, string Type);
