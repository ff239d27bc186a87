using AuthService.Api.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthService.Api.Admin;

/// <summary>The refusals of the administration API, written as <c>application/problem+json</c> with a stable code.</summary>
internal static class AdminErrors
{
    private const string UnknownPrincipalCode = "UNKNOWN_PRINCIPAL";
    private const string UnknownSessionCode = "UNKNOWN_SESSION";
    private const string UnknownApiKeyCode = "UNKNOWN_API_KEY";
    private const string IdInUseCode = "ID_IN_USE";
    private const string ChangedMeanwhileCode = "CHANGED_MEANWHILE";

    public static BadRequestError BadFilter => new(
        "role must be USER, ADMIN, SERVICE or PROVIDER; state ENABLED, DISABLED or DELETED; query at most 250 characters without control characters");

    public static BadRequestError NoStandingToken => new("Only an enabled service or provider has a refresh token of its own");

    public static BadRequestError BadKeyName => new("name must have 1 to 250 characters, none of them a control character");

    public static BadRequestError NoKeysHere => new("Only an enabled service has API keys");

    public static NotFoundError UnknownPrincipal => new("There is no such principal", UnknownPrincipalCode);

    /// <summary>The same for a session of somebody else.</summary>
    public static NotFoundError UnknownSession => new("This principal has no such session", UnknownSessionCode);

    public static NotFoundError UnknownApiKey => new("The service has no such API key", UnknownApiKeyCode);

    public static ConflictError IdInUse => new("The id is in use, perhaps in other letter case or by a deleted principal", IdInUseCode);

    public static ConflictError ChangedMeanwhile => new("Somebody else changed this principal at the same moment; nothing was done", ChangedMeanwhileCode);

    public static object ToBody(ApiError error) =>
        new ProblemBody("about:blank", ReasonPhrases.GetReasonPhrase(error.Status), error.Status, error.Message, error.Code, error.TraceId);
}
