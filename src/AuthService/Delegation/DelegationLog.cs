namespace AuthService.Delegation;

internal static partial class DelegationLog
{
    [LoggerMessage(1204, LogLevel.Debug, "A token was introspected as inactive: {Reason}")]
    public static partial void IntrospectedInactive(ILogger logger, string reason);
}
