using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using AuthService.ApiTests.Sessions;
using AuthService.ApiTests.Signals;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Hostile;

/// <summary>Makes one of each kind of credential of this service, and values that could be mistaken for one. They are independent of one another.</summary>
internal static class TokenKinds
{
    /// <summary>The password of the impersonated person.</summary>
    public const string ImpersonatedPassword = "Quartz-Lantern-58-Fjord!";

    public static readonly object ImpersonatedChange = new { currentPassword = ImpersonatedPassword, newPassword = "Velvet-Harbour-27-Comet!" };

    public static async Task<IReadOnlyDictionary<string, string>> OneOfEachAsync(AuthHost host)
    {
        var service = await host.CreateServiceAsync();
        var serviceToken = await host.RefreshAsync(service.RefreshToken);
        var extender = await host.NewServiceTokenAsync("_svc");
        var (forApplication, forBrowser) = (await AdministratorAsync(host), await AdministratorAsync(host, "web"));
        var key = await host.NewApiKeyAsync();
        var application = await host.CreateApplicationAsync(serviceToken);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["person"] = (await host.SignedInPersonAsync()).AccessToken,
            ["administrator"] = (await AdministratorAsync(host)).AccessToken,
            ["service"] = serviceToken,
            ["provider"] = await ProviderAsync(host),
            ["narrowed"] = await host.ExtendAsync(extender, (await AdministratorAsync(host)).AccessToken, "files:write"),
            ["delegated"] = (await host.DelegateAsync(extender, (await AdministratorAsync(host)).AccessToken, "files:write")).AccessToken,
            ["impersonating"] = await ImpersonatingAsync(host),
            ["one-time"] = await host.OneTimeTokenAsync((await AdministratorAsync(host)).AccessToken, "all:write"),
            ["service's one-time"] = await host.OneTimeTokenAsync(serviceToken, "all:write"),
            ["ended"] = await EndedAsync(host),
            ["security event"] = await SecurityEventAsync(host),
            ["receipt"] = await host.PostAsync("/auth/logout", (await AdministratorAsync(host)).RefreshToken).ReceiptAsync(HttpStatusCode.NoContent),
            ["API key"] = key.Key,
            ["app token"] = (await host.OpenDashboardAsync(serviceToken, application)).Token,
            ["refresh"] = forApplication.RefreshToken,
            ["browser's refresh"] = forBrowser.RefreshToken,
            ["service's refresh"] = service.RefreshToken,
            ["CSRF token"] = forBrowser.CsrfToken,
            ["session id"] = forApplication.SessionId,
            ["API key's id"] = key.Id,
            ["application's id"] = application.Id,
            ["service's id"] = service.Id,
        };
    }

    private static Task<SignedIn> AdministratorAsync(AuthHost host, string service = "app") =>
        host.SignedInPersonAsync(service, new JsonObject { ["role"] = "ADMIN" });

    private static async Task<string> ProviderAsync(AuthHost host)
    {
        var provider = await host.PostAsync("/admin/principals", await host.AdminTokenAsync(), new { id = NewName("#P_kinds"), type = "PROVIDER" })
            .ExpectAsync(HttpStatusCode.Created);
        return await host.RefreshAsync(provider.Text("refreshToken"));
    }

    private static async Task<string> ImpersonatingAsync(AuthHost host)
    {
        var (_, session) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(session.AccessToken, session.SessionId, await host.CreatePersonAsync(new() { ["password"] = ImpersonatedPassword }));
        return await host.RefreshAsync(session.RefreshToken);
    }

    /// <summary>Returns a token that this service signs for a receiver of shared signals.</summary>
    private static async Task<string> SecurityEventAsync(AuthHost host)
    {
        var subscriber = await host.SubscribeAsync();
        await host.PostAsync(SignalCalls.Verify, subscriber.Token, new { stream_id = subscriber.StreamId }).ExpectAsync(HttpStatusCode.NoContent);
        var answer = await host.PollAsync(subscriber, new { returnImmediately = true });
        return answer.GetProperty("sets").EnumerateObject().First().Value.GetString()!;
    }

    private static async Task<string> EndedAsync(AuthHost host)
    {
        var session = await AdministratorAsync(host);
        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        return session.AccessToken;
    }
}
