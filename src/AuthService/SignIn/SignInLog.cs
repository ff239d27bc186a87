namespace AuthService.SignIn;

internal static partial class SignInLog
{
    /// <param name="logger">Of the category that is meant.</param>
    /// <param name="device">The id of the device.</param>
    [LoggerMessage(1302, LogLevel.Debug, "Somebody who has known devices signs in from another one, {Device}")]
    public static partial void NewDevice(ILogger logger, Guid device);
}
