namespace AuthService.Mail;

internal static partial class MailLog
{
    [LoggerMessage(1501, LogLevel.Debug, "A mail {Kind} is not written: nobody can be reached at its address")]
    public static partial void AddressUnusable(ILogger logger, string kind);

    [LoggerMessage(1502, LogLevel.Debug, "A mail {Kind} is not written: its address has had as many of the kind within an hour as it may")]
    public static partial void BudgetUsedUp(ILogger logger, string kind);

    [LoggerMessage(1503, LogLevel.Debug, "Sent mail {Id}, {Kind}, at try {Attempts}")]
    public static partial void Sent(ILogger logger, string kind, Guid id, int attempts);

    [LoggerMessage(1504, LogLevel.Warning, "Mail {Id}, {Kind}, will never be taken and was dropped: {Reason}")]
    public static partial void Refused(ILogger logger, string kind, Guid id, string reason);

    [LoggerMessage(1505, LogLevel.Information, "Mail {Id}, {Kind}, was not taken and is tried again: {Reason}")]
    public static partial void PutOff(ILogger logger, string kind, Guid id, string reason);

    [LoggerMessage(1506, LogLevel.Error, "No mail can be sent, what waits is tried for a day: {Reason}")]
    public static partial void Unreachable(ILogger logger, string reason);

    [LoggerMessage(1507, LogLevel.Debug, "Mail {Id} could not be sent either: {Reason}")]
    public static partial void StillUnreachable(ILogger logger, Guid id, string reason);

    [LoggerMessage(1508, LogLevel.Information, "Mails are sent again")]
    public static partial void ReachableAgain(ILogger logger);

    [LoggerMessage(1509, LogLevel.Error, "Mail {Id}, {Kind}, was not taken for a day and was dropped")]
    public static partial void Expired(ILogger logger, string kind, Guid id);

    [LoggerMessage(1510, LogLevel.Error, "What became of a mail could not be kept; it is tried again every second")]
    public static partial void NotKept(ILogger logger, Exception error);
}
