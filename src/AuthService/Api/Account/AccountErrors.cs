using AuthService.Api.Http;

namespace AuthService.Api.Account;

/// <summary>The refusals of the Account API, and how its errors are written: <c>{"message": text, "status": text}</c>.</summary>
internal static class AccountErrors
{
    private const string UnknownSessionCode = "SESSION_NOT_FOUND";
    private const string NoCurrentSessionCode = "NO_CURRENT_SESSION";

    /// <summary>The same for a session of somebody else, which is none of the caller's business.</summary>
    public static NotFoundError UnknownSession => new("There is no such session", UnknownSessionCode);

    public static BadRequestError NoCurrentSession => new("The access token belongs to no session, so there are no others", NoCurrentSessionCode);

    public static object ToBody(ApiError error) => new AccountErrorBody(error.Message, error.Code, error.TraceId);
}
