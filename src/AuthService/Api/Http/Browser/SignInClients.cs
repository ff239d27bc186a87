using AuthService.Api.Http.Callers;
using AuthService.SignIn;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

internal static class SignInClients
{
    /// <summary>Describes the client that continues a sign-in with a second step.</summary>
    public static SignInClient From(HttpContext context, ChallengeAnswer answer) => From(context) with { TrustsDevice = answer.TrustsDevice };

    /// <summary>Describes the client of a sign-in, with the session that the browser had until now.</summary>
    public static SignInClient From(HttpContext context)
    {
        var client = ClientInfo.From(context);
        var services = context.RequestServices;
        return new SignInClient(client.IpAddress, client.UserAgent, client.Location)
        {
            RefreshToken = RefreshToken.TryParse(services.GetRequiredService<RefreshCookie>().Find(context.Request)),
            Device = services.GetRequiredService<DeviceCookie>().Find(context.Request),
            DeviceName = DeviceReading.Read(client.UserAgent).Name,
        };
    }
}
