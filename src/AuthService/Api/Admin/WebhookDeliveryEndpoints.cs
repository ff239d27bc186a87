using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>The routes that list the deliveries of a webhook and send them again (src/AuthService/README.md#webhooks).</summary>
internal static class WebhookDeliveryEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var one = admin.MapGroup("/webhooks/{webhookId}").Explains("webhookId", WebhookEndpoints.IdDescription);
        one.MapPost("/test", Test).WithName("testWebhook").WithExamples(WebhookExamples.Test)
            .WithSummary("Sends a ping to a webhook as an ordinary delivery");
        one.MapGet("/deliveries", List).WithName("listWebhookDeliveries").WithExamples(WebhookExamples.ListDeliveries)
            .WithSummary("Lists a webhook's recent and waiting deliveries, the newest first");
        one.MapPost("/deliveries/{deliveryId}/redeliver", Redeliver).WithName("redeliverToWebhook").WithExamples(WebhookExamples.Redeliver)
            .WithSummary("Sends a delivery again, whatever its status").Explains("deliveryId", "As the list names it");
        one.MapPost("/replay", Replay).WithName("replayToWebhook").WithExamples(WebhookExamples.Replay)
            .WithSummary($"Sends the events from a moment on to a webhook once more, the oldest first and {WebhookDeliveryService.MostReplayed} at most");
    }

    private static async Task<Results<Accepted<DeliveryCreatedResponse>, NotFoundError, ConflictError>> Test(
        string webhookId, WebhookDeliveryService deliveries, Caller caller)
    {
        return await deliveries.TestAsync(Ids.Read(webhookId), caller.AuditActor) switch
        {
            DeliveryOutcome.Requested(var delivery) => TypedResults.Accepted((string?)null, new DeliveryCreatedResponse(delivery)),
            DeliveryOutcome.Disabled => AdminErrors.WebhookDisabled,
            _ => AdminErrors.UnknownWebhook,
        };
    }

    private static async Task<Results<Ok<DeliveryPageResponse>, BadRequestError, NotFoundError>> List(
        string webhookId, BoundInput<DeliveryQuery, DeliveryReader> query, WebhookStore webhooks, WebhookDeliveryStore deliveries)
    {
        if (await webhooks.FindAsync(Ids.Read(webhookId)) is not { Id: var id })
            return AdminErrors.UnknownWebhook;
        var (status, after, limit) = query.Value;
        var page = await deliveries.ListAsync(id, status, after, limit);
        return TypedResults.Ok(new DeliveryPageResponse([.. page.Items.Select(DeliveryItem.Of)], page.Next?.ToString()));
    }

    private static async Task<Results<Accepted<DeliveryCreatedResponse>, NotFoundError, ConflictError>> Redeliver(
        string webhookId, string deliveryId, WebhookDeliveryService deliveries, Caller caller)
    {
        return await deliveries.RedeliverAsync(Ids.Read(webhookId), deliveryId, caller.AuditActor) switch
        {
            DeliveryOutcome.Requested(var delivery) => TypedResults.Accepted((string?)null, new DeliveryCreatedResponse(delivery)),
            DeliveryOutcome.Disabled => AdminErrors.WebhookDisabled,
            DeliveryOutcome.UnknownDelivery => AdminErrors.UnknownDelivery,
            _ => AdminErrors.UnknownWebhook,
        };
    }

    private static async Task<Results<Accepted<ReplayResponse>, BadRequestError, NotFoundError, ConflictError>> Replay(
        string webhookId, BoundInput<WantedReplay, ReplayReader> wanted, WebhookDeliveryService deliveries, Caller caller)
    {
        return await deliveries.ReplayAsync(Ids.Read(webhookId), wanted.Value.From, caller.AuditActor, wanted.Value.After) switch
        {
            DeliveryOutcome.Replayed(var count, var next) { Last: var last } =>
                TypedResults.Accepted((string?)null, new ReplayResponse(count, next, last?.ToString())),
            DeliveryOutcome.Disabled => AdminErrors.WebhookDisabled,
            _ => AdminErrors.UnknownWebhook,
        };
    }
}
