namespace AuthService.Webhooks;

internal static partial class WebhookLog
{
    [LoggerMessage(1701, LogLevel.Debug, "Delivered {Event} to webhook {Webhook} as {Id} at attempt {Attempts}")]
    public static partial void Delivered(ILogger logger, string @event, Guid webhook, string id, int attempts);

    [LoggerMessage(1702, LogLevel.Debug, "Attempt {Attempts} to deliver {Id} to webhook {Webhook} failed and is repeated at {Next:O}: {Outcome} {StatusCode}")]
    public static partial void PutOff(ILogger logger, string id, Guid webhook, int attempts, DateTimeOffset next, string outcome, int? statusCode);

    [LoggerMessage(1703, LogLevel.Warning, "Delivery {Id} to webhook {Webhook} was given up after {Attempts} attempts: {Outcome} {StatusCode}")]
    public static partial void GivenUp(ILogger logger, string id, Guid webhook, int attempts, string outcome, int? statusCode);

    [LoggerMessage(1704, LogLevel.Warning, "Webhook {Webhook} has begun to fail: {Outcome} {StatusCode}")]
    public static partial void Failing(ILogger logger, Guid webhook, string outcome, int? statusCode);

    [LoggerMessage(1705, LogLevel.Information, "Webhook {Webhook} takes deliveries again")]
    public static partial void Recovered(ILogger logger, Guid webhook);

    [LoggerMessage(1706, LogLevel.Error, "Webhook {Webhook} was disabled: {Reason}")]
    public static partial void Disabled(ILogger logger, Guid webhook, DisabledReason reason);

    [LoggerMessage(1707, LogLevel.Error, "Deliveries to webhook {Webhook} were broken off; they are taken up again when their leases have passed")]
    public static partial void BrokenOff(ILogger logger, Guid webhook, Exception error);
}
