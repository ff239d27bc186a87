namespace AuthService.Refusals;

internal static partial class RefusalsLog
{
    [LoggerMessage(1601, LogLevel.Debug, "Refused {Operation}: {Reason}, principal {Principal}, session {SessionId}, trace {RefusedTraceId}")]
    public static partial void Refused(ILogger logger, string? operation, string reason, string? principal, Guid? sessionId, string refusedTraceId);
}
