using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using AuthService.Storage;
using AuthService.Webhooks;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Admin;

/// <summary>The examples of webhooks in the OpenAPI document of the Administration API.</summary>
internal static class WebhookExamples
{
    private const string Url = "https://hooks.example.com/auth";
    private const string Secret = "whsec_C2FVsBQIhrscChlQIMV…";
    private const string DeliveryId = "evt_4711_64cf7f3b6e940";

    private static readonly string[] Events = ["session_revoked", "principal_*", "sign_in.refused"];

    private static readonly WebhookResponse Webhook = new(
        new Guid("0199b2e4-9c04-7e11-a3b8-52d07c1fe649"),
        Url,
        Events,
        Description: "The audit trail",
        Enabled: true,
        DisabledAt: null,
        DisabledReason: null,
        FailingSince: null,
        PreviousSecretUntil: null,
        Moment);

    private static readonly AttemptItem TimedOut = new(Moment, AttemptOutcome.Timeout, StatusCode: null, DurationMs: 15_002);
    private static readonly AttemptItem Taken = new(Moment.AddSeconds(20), AttemptOutcome.Delivered, StatusCode: 204, DurationMs: 38);

    public static readonly OperationExamples Create = new()
    {
        Requests =
        {
            ["Every success"] = new NewWebhookRequest(Url),
            ["Some events, and the sign-ins that were refused"] = new NewWebhookRequest(Url, Events, Webhook.Description),
        },
        Answers =
        {
            ["The secret is shown this once"] = new NewWebhookResponse(Webhook.Id, Url, Events, Webhook.Description, Secret, Moment),
        },
        Refusals =
        [
            AdminErrors.BadUrl("an https address"), AdminErrors.AddressNotAllowed, NewWebhookReader.BadEvents, NewWebhookReader.BadDescription,
            AdminErrors.TooManyWebhooks, UnavailableError.EncryptionKeyMissing,
        ],
    };

    public static readonly OperationExamples List = new() { Answers = { ["One"] = new[] { Webhook } } };

    public static readonly OperationExamples Get = new()
    {
        Answers =
        {
            ["One that works"] = Webhook,
            ["One whose receiver answered 410"] = Webhook with { Enabled = false, DisabledAt = Moment.AddDays(1), DisabledReason = "GONE" },
        },
        Refusals = [AdminErrors.UnknownWebhook],
    };

    public static readonly OperationExamples Change = new()
    {
        Requests =
        {
            ["Disabled"] = new WebhookPatch { Enabled = false },
            ["Another address, and every success from now on"] = new WebhookPatch { Url = Url, Events = new(IsGiven: true, null) },
        },
        Answers = { ["Disabled"] = Webhook with { Enabled = false, DisabledAt = Moment.AddDays(1), DisabledReason = "BY_ADMINISTRATOR" } },
        Refusals =
        [
            AdminErrors.BadUrl("an https address"), AdminErrors.AddressNotAllowed, NewWebhookReader.BadEvents, NewWebhookReader.BadDescription,
            AdminErrors.UnknownWebhook,
        ],
    };

    public static readonly OperationExamples Delete = new() { Refusals = [AdminErrors.UnknownWebhook] };

    public static readonly OperationExamples Rotate = new()
    {
        Answers = { ["The new secret is shown this once"] = new WebhookSecretResponse(Secret, Moment.AddDays(1)) },
        Refusals = [AdminErrors.UnknownWebhook, UnavailableError.EncryptionKeyMissing],
    };

    public static readonly OperationExamples Test = new()
    {
        Answers = { ["On its way"] = new DeliveryCreatedResponse("ping_0199b2e5112c7d0a8a3fc40e51b7d2c6") },
        Refusals = [AdminErrors.UnknownWebhook, AdminErrors.WebhookDisabled],
    };

    public static readonly OperationExamples ListDeliveries = new()
    {
        Answers =
        {
            ["One that was taken at the second attempt"] = new DeliveryPageResponse(
                [new DeliveryItem(DeliveryId, "session_revoked", Moment, "DELIVERED", NextAttemptAt: null, [TimedOut, Taken])], NextCursor: null),
            ["One that waits"] = new DeliveryPageResponse(
                [new DeliveryItem(DeliveryId, "session_revoked", Moment, "WAITING", Moment.AddSeconds(20), [TimedOut])], NextCursor: null),
        },
        Refusals = [DeliveryReader.BadStatus, AdminErrors.UnknownWebhook],
    };

    public static readonly OperationExamples Redeliver = new()
    {
        Answers = { ["On its way"] = new DeliveryCreatedResponse(DeliveryId) },
        Refusals = [AdminErrors.UnknownWebhook, AdminErrors.UnknownDelivery, AdminErrors.WebhookDisabled],
    };

    public static readonly OperationExamples Replay = new()
    {
        Requests =
        {
            ["What a receiver has missed since a moment"] = new ReplayRequest(Moment),
            ["What comes after that"] = new ReplayRequest(Moment.AddHours(2)) { After = new RowPosition(Moment.AddHours(2), 81_317).ToString() },
        },
        Answers =
        {
            ["These were all"] = new ReplayResponse(Deliveries: 12, Next: null, After: null),
            ["There are more"] = new ReplayResponse(
                WebhookDeliveryService.MostReplayed, Moment.AddHours(2), new RowPosition(Moment.AddHours(2), 81_317).ToString()),
        },
        Refusals = [ReplayReader.NoFrom, ReplayReader.BadAfter, AdminErrors.UnknownWebhook, AdminErrors.WebhookDisabled],
    };
}
