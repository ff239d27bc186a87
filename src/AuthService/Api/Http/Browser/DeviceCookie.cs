using AuthService.SignIn.Devices;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

/// <summary>The cookie by which a browser is recognized at later sign-ins, whoever signs in. Signing out leaves it.</summary>
internal sealed class DeviceCookie(HostCookies cookies)
{
    /// <returns>Null when there is none, or it is none of ours.</returns>
    public DeviceToken? Find(HttpRequest request) => DeviceToken.TryParse(cookies.Find(request, PublicNames.DeviceCookie));

    public void Set(HttpContext context, DeviceToken device) =>
        cookies.Set(context, PublicNames.DeviceCookie, device.Reveal(), maxAge: KnownDevice.Lifetime);
}
