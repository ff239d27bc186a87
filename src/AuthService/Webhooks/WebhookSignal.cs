using AuthService.Storage;

namespace AuthService.Webhooks;

/// <summary>Deliveries were committed.</summary>
internal sealed class WebhookSignal : WorkSignal;
