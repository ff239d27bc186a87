using AuthService.Api.Http.Errors;

namespace AuthService.Api.AppTokens;

/// <summary>The refusals of the App tokens API, and the format of its errors: <c>{"code", "detail"}</c>, or a list of faults for 422.</summary>
internal static class AppTokenErrors
{
    private const string PortalMissingCode = "PORTAL_NOT_CONFIGURED";

    public static NotFoundError UnknownApplication => new("There is no such application");

    public static ConflictError UidInUse => new("Another application has this uid");

    public static UnauthenticatedError UnknownToken => new("The app token is unknown or has expired");

    public static ForbiddenError OnlyAppTokens => new("Only an app token is logged out here");

    public static UnprocessableError UidDiffers =>
        new(new InputFault(["body", "application", "uid"], "uid must be the one in the path", FaultTypes.Mismatch));

    public static UnprocessableError UidIsNotThePath => new(new InputFault(["body", "uid"], "uid must be the one in the path", FaultTypes.Mismatch));

    public static UnprocessableError KeyUsedDifferently => new(new InputFault(
        ["header", IdempotencyKeyReader.Header], "The key was used for a call with another body", FaultTypes.Mismatch));

    public static UnavailableError PortalMissing => new("No portal is configured (AppPortal:Url)", PortalMissingCode);

    public static object ToBody(ApiError error) => error.Faults.Count == 0
        ? new AppTokenErrorBody(ToCode(error.Code), error.Message, error.TraceId)
        : new ValidationErrorBody([.. error.Faults.Select(fault => new ValidationFault(fault.Location, fault.Message, fault.Type))], error.TraceId);

    /// <summary>Returns the codes that existing clients of this API know, and all other codes in the same style.</summary>
    private static string ToCode(string code) => code switch
    {
        ErrorCodes.Unauthenticated => "authentication_failed",
        ErrorCodes.Forbidden => "permission_denied",
        ErrorCodes.TooManyRequests => "rate_limit",
        _ => code.ToLowerInvariant(),
    };
}
