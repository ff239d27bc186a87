using AuthService.Storage;

namespace AuthService.Webhooks;

/// <summary>Wakes the worker when deliveries were committed.</summary>
internal sealed class WebhookWakeUp : WakeUp;

/// <summary>Wakes the worker when a webhook was created or changed.</summary>
internal sealed class WebhookChangeWakeUp : WakeUp;
