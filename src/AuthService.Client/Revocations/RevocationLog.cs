using Microsoft.Extensions.Logging;

namespace AuthService.Client.Revocations;

internal static partial class RevocationLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "AuthService's revocation feed could not be read; it is tried again until it can")]
    public static partial void FeedNotRead(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "AuthService's revocation feed is read again after {Failures} failures")]
    public static partial void FeedReadAgain(this ILogger log, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "AuthService's revocation feed started again; what still matters is read from the beginning")]
    public static partial void FeedRestarted(this ILogger log);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Count} revocations are of a kind that this version of AuthService.Client does not know and does not heed; update the package")]
    public static partial void UnknownRevocations(this ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "A token could not be asked about while the knowledge of revocations is too old; it was answered 503")]
    public static partial void NotAsked(this ILogger log, Exception error);
}
