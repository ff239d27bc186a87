using AuthService.Api.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthService.Api.Admin;

/// <summary>The refusals of the administration API, written as <c>application/problem+json</c> with a stable code.</summary>
internal static class AdminErrors
{
    private const string UnknownPrincipalCode = "UNKNOWN_PRINCIPAL";
    private const string UnknownApiKeyCode = "UNKNOWN_API_KEY";
    private const string IdInUseCode = "ID_IN_USE";
    private const string ChangedMeanwhileCode = "CHANGED_MEANWHILE";

    public static NotFoundError UnknownPrincipal => new("There is no such principal", UnknownPrincipalCode);

    public static NotFoundError UnknownApiKey => new("The service has no such API key", UnknownApiKeyCode);

    public static ConflictError IdInUse => new("The id is in use, perhaps in other letter case or by a deleted principal", IdInUseCode);

    public static ConflictError ChangedMeanwhile => new("Somebody else changed this principal at the same moment; nothing was done", ChangedMeanwhileCode);

    public static object ToBody(ApiError error) =>
        new ProblemBody("about:blank", ReasonPhrases.GetReasonPhrase(error.Status), error.Status, error.Message, error.Code, error.TraceId);
}
