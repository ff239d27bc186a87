using Microsoft.Extensions.Logging;

namespace AuthService.Client.Bearer;

internal static partial class BearerLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "AuthService's keys could not be fetched from {Address}; those that are known are kept")]
    public static partial void KeysNotFetched(this ILogger log, Uri address, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "A one-time token could not be claimed; the request was answered 503")]
    public static partial void NotClaimed(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A one-time token was refused because AddAuthServiceClient was not called")]
    public static partial void OneTimeTokensNotTaken(this ILogger log);
}
