using AuthService.Api.Http.Errors;
using AuthService.Signals;
using AuthService.Webhooks;

namespace AuthService.Api.Signals;

/// <summary>The refusals of shared signals, and the format of their errors: <c>{"err": code, "description": text}</c> (RFC 8935, section 2.3).</summary>
internal static class SignalErrors
{
    public static NotFoundError UnknownStream => new("There is no such stream of this service");

    public static ConflictError TooManyStreams => new($"A service has at most {SignalStream.MostOfOne} streams");

    public static BadRequestError AddressNotAllowed => new(
        $"delivery.endpoint_url leads to a private or reserved network, which {WebhookOptions.Section}:{nameof(WebhookOptions.AllowedNetworks)} does not name");

    public static BadRequestError Mismatch =>
        new("iss, aud, events_supported, events_delivered and min_verification_interval can be repeated, and not changed");

    public static BadRequestError IsDisabled => new("The stream is disabled: nothing is sent over it");

    public static TooManyRequestsError TooSoon => new(
        SignalStream.VerificationInterval, $"A stream is verified once in {SignalStream.VerificationInterval.TotalSeconds:0} seconds");

    public static UnavailableError NotSigned => new("No published signing key is active: receivers could check nothing that is signed with HS512 alone");

    public static BadRequestError BadAddress(string words) => new($"delivery.endpoint_url must be {words}");

    public static object ToBody(ApiError error) => new SignalErrorBody(CodeOf(error.Status), error.Message, error.TraceId);

    /// <summary>Returns a code of the registry (RFC 8935, section 7.1) if one fits.</summary>
    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_failed",
        StatusCodes.Status403Forbidden => "access_denied",
        StatusCodes.Status404NotFound => "not_found",
        StatusCodes.Status409Conflict => "conflict",
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => "temporarily_unavailable",
        >= 500 => "server_error",
        _ => "invalid_request",
    };
}
