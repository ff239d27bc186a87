namespace AuthService.SignIn;

internal static partial class SignInLog
{
    [LoggerMessage(1303, LogLevel.Warning, "The identity provider {Provider} cannot be reached: {Cause}")]
    public static partial void ProviderUnreachable(ILogger logger, string provider, string cause);

    [LoggerMessage(1304, LogLevel.Debug, "What the identity provider {Provider} answered does not hold: {Cause}")]
    public static partial void WrongProviderAnswer(ILogger logger, string provider, string cause);
}
