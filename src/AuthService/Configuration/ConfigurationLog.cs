namespace AuthService.Configuration;

internal static partial class ConfigurationLog
{
    [LoggerMessage(901, LogLevel.Error, "A changed setting is faulty and was not taken over, the old settings stay: {Fault}")]
    public static partial void Refused(ILogger logger, string fault);

    [LoggerMessage(902, LogLevel.Information, "Durations in use: {Durations}")]
    public static partial void Durations(ILogger logger, string durations);

    [LoggerMessage(903, LogLevel.Warning, "{Setting} is no setting of this service")]
    public static partial void Unknown(ILogger logger, string setting);

    [LoggerMessage(904, LogLevel.Warning, "Weak setting: {Weakness}")]
    public static partial void Weakness(ILogger logger, string weakness);

    [LoggerMessage(905, LogLevel.Warning, "{Setting} was changed; it is read at the start alone, and counts from the next one")]
    public static partial void ReadAtStart(ILogger logger, string setting);
}
