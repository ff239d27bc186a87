namespace AuthService.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(LogLevel.Error, "The store could not be prepared; it is tried again every second")]
    public static partial void StoreNotPrepared(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Information, "Cleaned up {Count} expired {What}")]
    public static partial void CleanedUp(ILogger logger, int count, string what);

    [LoggerMessage(LogLevel.Error, "Cleaning up failed; it is tried again in a minute")]
    public static partial void CleanUpFailed(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "Changed settings are faulty and were not taken over: {Faults}")]
    public static partial void SettingsRefused(ILogger logger, string faults);

    [LoggerMessage(LogLevel.Information, "Asked to stop: no longer ready, finishing what is running")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "The active sessions could not be counted; it is tried again later")]
    public static partial void SessionCountFailed(ILogger logger, Exception error);
}
