using AuthService.SignIn.Devices;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

/// <summary>The cookie by which a browser is recognised at later sign-ins, also of other people. It stays after a sign-out.</summary>
internal sealed class DeviceCookie(HostCookies cookies)
{
    /// <returns>Null when there is no cookie, or its text is not a device token.</returns>
    public DeviceToken? Find(HttpRequest request) => DeviceToken.TryParse(cookies.Find(request, PublicNames.DeviceCookie));

    public void Set(HttpContext context, DeviceToken device) =>
        cookies.Set(context, PublicNames.DeviceCookie, device.Reveal(), maxAge: KnownDevice.Lifetime);
}
