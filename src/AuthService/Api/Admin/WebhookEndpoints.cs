using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>The routes that manage webhooks and their secrets (src/AuthService/README.md#webhooks).</summary>
internal static class WebhookEndpoints
{
    public const string IdDescription = "As the list names it, a UUID";

    public static void Map(RouteGroupBuilder admin)
    {
        var webhooks = admin.MapGroup("/webhooks");
        webhooks.MapPost("", Create).WithName("createWebhook").WithExamples(WebhookExamples.Create)
            .WithSummary("Creates a webhook; its secret is shown only now").RequireFreshSignIn();
        webhooks.MapGet("", List).WithName("listWebhooks").WithExamples(WebhookExamples.List)
            .WithSummary("Lists the webhooks, without their secrets");
        var one = webhooks.MapGroup("/{webhookId}").Explains("webhookId", IdDescription);
        one.MapGet("", Get).WithName("getWebhook").WithExamples(WebhookExamples.Get).WithSummary("Shows a webhook, without its secret");
        one.MapPatch("", Change).WithName("changeWebhook").WithExamples(WebhookExamples.Change)
            .WithSummary("Changes, enables or disables a webhook").RequireFreshSignIn();
        one.MapDelete("", Delete).WithName("deleteWebhook").WithExamples(WebhookExamples.Delete)
            .WithSummary("Deletes a webhook and the deliveries that wait").RequireFreshSignIn();
        one.MapPost("/rotate", Rotate).WithName("rotateWebhookSecret").WithExamples(WebhookExamples.Rotate)
            .WithSummary("Creates a new secret for a webhook; it is shown only now, and for a day the old one signs too").RequireFreshSignIn();
    }

    private static async Task<Results<Created<NewWebhookResponse>, BadRequestError, ConflictError, UnavailableError>> Create(
        BoundInput<WantedWebhook, NewWebhookReader> wanted, WebhookService webhooks, Caller caller) =>
        await webhooks.CreateAsync(wanted.Value, caller.AuditActor) switch
        {
            WebhookOutcome.Done({ } made, { } secret) => TypedResults.Created(
                $"/admin/webhooks/{made.Id}",
                new NewWebhookResponse(made.Id, made.Url, made.EventPatterns, made.Description, secret.Reveal(), made.CreatedAt)),
            WebhookOutcome.BadUrl(var words) => AdminErrors.BadUrl(words),
            WebhookOutcome.AddressNotAllowed => AdminErrors.AddressNotAllowed,
            WebhookOutcome.TooMany => AdminErrors.TooManyWebhooks,
            _ => UnavailableError.EncryptionKeyMissing,
        };

    private static async Task<Ok<WebhookResponse[]>> List(WebhookStore webhooks) =>
        TypedResults.Ok((await webhooks.ListAsync()).Select(WebhookResponse.Of).ToArray());

    private static async Task<Results<Ok<WebhookResponse>, NotFoundError>> Get(string webhookId, WebhookStore webhooks) =>
        await webhooks.FindAsync(Ids.Read(webhookId)) is { } webhook
            ? TypedResults.Ok(WebhookResponse.Of(webhook))
            : AdminErrors.UnknownWebhook;

    private static async Task<Results<Ok<WebhookResponse>, BadRequestError, NotFoundError>> Change(
        string webhookId, BoundInput<WebhookChange, WebhookPatchReader> change, WebhookService webhooks, Caller caller)
    {
        if (!Guid.TryParseExact(webhookId, "D", out var id))
            return AdminErrors.UnknownWebhook;
        return await webhooks.ChangeAsync(id, change.Value, caller.AuditActor) switch
        {
            WebhookOutcome.Done({ } webhook, _) => TypedResults.Ok(WebhookResponse.Of(webhook)),
            WebhookOutcome.BadUrl(var words) => AdminErrors.BadUrl(words),
            WebhookOutcome.AddressNotAllowed => AdminErrors.AddressNotAllowed,
            _ => AdminErrors.UnknownWebhook,
        };
    }

    private static async Task<Results<NoContent, NotFoundError>> Delete(string webhookId, WebhookService webhooks, Caller caller) =>
        await webhooks.DeleteAsync(Ids.Read(webhookId), caller.AuditActor) is WebhookOutcome.Done
            ? TypedResults.NoContent()
            : AdminErrors.UnknownWebhook;

    private static async Task<Results<Ok<WebhookSecretResponse>, NotFoundError, UnavailableError>> Rotate(
        string webhookId, WebhookService webhooks, Caller caller)
    {
        if (!Guid.TryParseExact(webhookId, "D", out var id))
            return AdminErrors.UnknownWebhook;
        return await webhooks.RotateAsync(id, caller.AuditActor) switch
        {
            WebhookOutcome.Done({ PreviousSecretUntil: { } until }, { } secret) => TypedResults.Ok(new WebhookSecretResponse(secret.Reveal(), until)),
            WebhookOutcome.KeyMissing => UnavailableError.EncryptionKeyMissing,
            _ => AdminErrors.UnknownWebhook,
        };
    }
}
