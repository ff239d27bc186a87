namespace AuthService.Signals;

internal static partial class SignalsLog
{
    [LoggerMessage(1901, LogLevel.Debug, "Pushed SET {Id} over stream {Stream}")]
    public static partial void Pushed(ILogger logger, Guid id, Guid stream);

    [LoggerMessage(1902, LogLevel.Information, "The receiver of stream {Stream} takes SETs again")]
    public static partial void ReachableAgain(ILogger logger, Guid stream);

    [LoggerMessage(1903, LogLevel.Warning, "The receiver of stream {Stream} refuses SET {Id}, which is dropped: {Reason}")]
    public static partial void Refused(ILogger logger, Guid id, Guid stream, string reason);

    [LoggerMessage(1904, LogLevel.Warning, "SET {Id} was not taken over stream {Stream}, and is pushed again: {Reason}")]
    public static partial void PutOff(ILogger logger, Guid id, Guid stream, string reason);

    [LoggerMessage(1905, LogLevel.Debug, "SET {Id} was not taken over stream {Stream} this time either: {Reason}")]
    public static partial void StillPutOff(ILogger logger, Guid id, Guid stream, string reason);

    [LoggerMessage(1906, LogLevel.Error, "The authorization header of stream {Stream} cannot be read")]
    public static partial void NotOpened(ILogger logger, Guid stream, Exception error);
}
