namespace AuthService.SignIn;

internal static partial class SignInLog
{
    /// <param name="logger">Of the category that is meant.</param>
    /// <param name="device">The id of the device.</param>
    [LoggerMessage(1302, LogLevel.Debug, "Somebody who has known devices signs in from another one, {Device}")]
    public static partial void NewDevice(ILogger logger, Guid device);

    [LoggerMessage(1303, LogLevel.Warning, "The identity provider {Provider} cannot be reached: {Cause}")]
    public static partial void ProviderUnreachable(ILogger logger, string provider, string cause);

    [LoggerMessage(1304, LogLevel.Debug, "What the identity provider {Provider} answered does not hold: {Cause}")]
    public static partial void WrongProviderAnswer(ILogger logger, string provider, string cause);
}
