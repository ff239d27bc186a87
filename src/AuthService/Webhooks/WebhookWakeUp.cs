using AuthService.Storage;

namespace AuthService.Webhooks;

/// <summary>Deliveries were committed.</summary>
internal sealed class WebhookWakeUp : WakeUp;

/// <summary>A webhook was made or changed.</summary>
internal sealed class WebhookChangeSignal : WakeUp;
