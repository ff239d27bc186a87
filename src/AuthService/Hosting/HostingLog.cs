namespace AuthService.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(1001, LogLevel.Error, "The store could not be prepared; it is tried again every second")]
    public static partial void StoreNotPrepared(ILogger logger, Exception error);

    [LoggerMessage(1002, LogLevel.Information, "Cleaned up {Count} expired {What}")]
    public static partial void CleanedUp(ILogger logger, int count, string what);

    [LoggerMessage(1003, LogLevel.Error, "Cleaning up {What} failed; the next clean-up tries again")]
    public static partial void CleanUpFailed(ILogger logger, string what, Exception error);

    [LoggerMessage(1004, LogLevel.Information, "Asked to stop: no longer ready, finishing what is running")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(1005, LogLevel.Warning, "The active sessions could not be counted; it is tried again later")]
    public static partial void SessionCountFailed(ILogger logger, Exception error);

    [LoggerMessage(1006, LogLevel.Error, "Mails could not be taken out of the outbox; it is tried again in a few seconds")]
    public static partial void MailFailed(ILogger logger, Exception error);

    [LoggerMessage(1007, LogLevel.Error, "Requests for a new password by mail could not be served; it is tried again in a few seconds")]
    public static partial void RecoveryFailed(ILogger logger, Exception error);

    [LoggerMessage(1008, LogLevel.Warning, "Refused calls could not be written; it is tried again in two seconds")]
    public static partial void RefusalsNotWritten(ILogger logger, Exception error);

    [LoggerMessage(1009, LogLevel.Warning, "Revocations could not be read for the feed; it is tried again in a second")]
    public static partial void RevocationsNotRead(ILogger logger, Exception error);

    [LoggerMessage(1012, LogLevel.Error, "Shared signals could not be made of what has happened; it is tried again in a few seconds")]
    public static partial void SignalsNotRead(ILogger logger, Exception error);

    [LoggerMessage(1013, LogLevel.Error, "Shared signals could not be pushed; it is tried again in a few seconds")]
    public static partial void SignalsNotPushed(ILogger logger, Exception error);

    [LoggerMessage(1011, LogLevel.Error, "Deliveries to webhooks could not be made of audit entries; it is tried again in a few seconds")]
    public static partial void WebhookReadingFailed(ILogger logger, Exception error);

    [LoggerMessage(1010, LogLevel.Error, "Deliveries to webhooks could not be taken up; it is tried again in a few seconds")]
    public static partial void WebhookSendingFailed(ILogger logger, Exception error);

    [LoggerMessage(1015, LogLevel.Warning,
        "The database came here from another server: readers of revocations start again, webhooks and shared signals go on with what happens from now on")]
    public static partial void DatabaseMoved(ILogger logger);

    [LoggerMessage(1014, LogLevel.Information, "The primary is {Server} now")]
    public static partial void PrimaryFound(ILogger logger, string server);
}
