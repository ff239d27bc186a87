using AuthService.Api.Http.Errors;
using AuthService.People;
using AuthService.Refusals;
using AuthService.Webhooks;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthService.Api.Admin;

/// <summary>The refusals of the administration API, written as <c>application/problem+json</c> with a stable code.</summary>
internal static class AdminErrors
{
    private const string UnknownPrincipalCode = "UNKNOWN_PRINCIPAL";
    private const string UnknownSessionCode = "UNKNOWN_SESSION";
    private const string UnknownIdentityCode = "UNKNOWN_IDENTITY";
    private const string UnknownApiKeyCode = "UNKNOWN_API_KEY";
    private const string IdInUseCode = "ID_IN_USE";
    private const string LastAdministratorCode = "LAST_ADMINISTRATOR";
    private const string UnknownTraceCode = "UNKNOWN_TRACE";
    private const string UnknownOperationCode = "UNKNOWN_OPERATION";
    private const string OwnPasswordCode = "OWN_PASSWORD";
    private const string ChangedMeanwhileCode = "CHANGED_MEANWHILE";
    private const string UnknownWebhookCode = "UNKNOWN_WEBHOOK";
    private const string UnknownDeliveryCode = "UNKNOWN_DELIVERY";
    private const string AddressNotAllowedCode = "ADDRESS_NOT_ALLOWED";
    private const string TooManyWebhooksCode = "TOO_MANY_WEBHOOKS";
    private const string WebhookDisabledCode = "WEBHOOK_DISABLED";

    public static BadRequestError NoServiceRefreshToken => new(PrincipalAdministration.NoRefreshToken);

    public static BadRequestError NoKeysHere => new("Only an enabled service has API keys");

    public static BadRequestError KeyExpired => new("expireAt must lie in the future");

    public static NotFoundError UnknownPrincipal => new("There is no such principal", UnknownPrincipalCode);

    /// <summary>Refuses an unknown session and another principal's session alike.</summary>
    public static NotFoundError UnknownSession => new("This principal has no such session", UnknownSessionCode);

    public static NotFoundError SessionNotFound => new("There is no such session, and none of this id ended within a week", UnknownSessionCode);

    public static NotFoundError UnknownOperation => new("No operation of the OpenAPI documents has this name", UnknownOperationCode);

    public static NotFoundError UnknownIdentity => new("The person has no such account at an identity provider", UnknownIdentityCode);

    public static NotFoundError UnknownApiKey => new("The service has no such API key", UnknownApiKeyCode);

    public static BadRequestError NoTraceId => new(TraceIds.Form);

    public static NotFoundError UnknownTrace => new(TraceIds.Unknown, UnknownTraceCode);

    public static ConflictError IdInUse => new("The id is in use, perhaps in other letter case or by a deleted principal", IdInUseCode);

    public static ConflictError ChangedMeanwhile => new("Somebody else changed this principal at the same moment; nothing was done", ChangedMeanwhileCode);

    public static ConflictError LastAdministrator => new("There would be no enabled administrator left; nothing was done", LastAdministratorCode);

    public static ForbiddenError OwnPassword => new("Change your own password with PUT /account/password, which takes the current one", OwnPasswordCode);

    public static NotFoundError UnknownWebhook => new("There is no such webhook", UnknownWebhookCode);

    public static NotFoundError UnknownDelivery => new("The webhook has no such delivery, or it is no longer kept", UnknownDeliveryCode);

    public static BadRequestError AddressNotAllowed => new(
        $"url leads to a private or reserved network, which {WebhookOptions.Section}:{nameof(WebhookOptions.AllowedNetworks)} does not name",
        AddressNotAllowedCode);

    public static ConflictError TooManyWebhooks => new($"There are {WebhookService.MostWebhooks} webhooks, which is as many as may be", TooManyWebhooksCode);

    public static ConflictError WebhookDisabled => new("The webhook is disabled, so that nothing is sent to it: enable it first", WebhookDisabledCode);

    /// <param name="words">The end of the sentence "url must be …".</param>
    public static BadRequestError BadUrl(string words) => new($"url must be {words}");

    public static object ToBody(ApiError error) =>
        new ProblemBody("about:blank", ReasonPhrases.GetReasonPhrase(error.Status), error.Status, error.Message, error.Code, error.TraceId);
}
