using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using OtpNet;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>Makes what one valid call needs, when it is needed: the caller, and the objects that the call names.</summary>
internal sealed class Scene(HttpClient http, string serviceCredential, Mailbox? mails = null)
{
    public const string ServiceId = "_hostile";

    public const string ProviderTitle = "Example";

    /// <summary>The id of an administrator. No mutation has this name, because a valid call could delete the administrator.</summary>
    public const string AdminId = "keeper-of-the-scenes";

    /// <summary>The password in the examples of the documents.</summary>
    private const string Password = "plum kettle orbit 93";

    /// <summary>The address of this scene's webhooks. The examples of the documents have another.</summary>
    private const string OwnWebhook = "https://hooks.invalid/";

    private static readonly TimeSpan LongestScene = TimeSpan.FromSeconds(60);

    private Task<string>? _admin;
    private Task<JsonElement>? _person;
    private Task<SignedIn>? _signedIn;
    private Task<string>? _halfProved;
    private Task<string>? _receiver;
    private Task<string>? _stream;
    private Task<string>? _webhook;
    private byte[]? _secret;

    /// <summary>The uid of the application that this scene creates. Until then no application has it.</summary>
    public string Uid { get; } = NewName("uid");

    /// <summary>The service refresh token of the service that all scenes call as.</summary>
    public static async Task<string> NewServiceCredentialAsync(HttpClient http) =>
        (await new Scene(http, "").AsAdminAsync("POST", "/admin/principals", new { id = ServiceId, type = "SERVICE" })).Text("refreshToken");

    public Task<string> AdminAsync() => _admin ??= SignInAsync(AdminId, AuthHost.AdminPassword, "app").ContinueWith(
        static signedIn => signedIn.Result.AccessToken, TaskScheduler.Default);

    public async Task<string> ServiceAsync() => (await CallAsync("POST", "/auth/refresh", serviceCredential)).Text("accessToken");

    /// <summary>Returns the person as the administration API shows it.</summary>
    public Task<JsonElement> PersonAsync() => _person ??= CreatePersonAsync(new { id = NewName("person"), password = Password });

    public async Task<SignedIn> SignedInAsync() => await (_signedIn ??= SignInAsync((await PersonAsync()).Text("id"), Password, "app"));

    public async Task<SignedIn> SignedInBrowserAsync() => await SignInAsync((await PersonAsync()).Text("id"), Password, "web");

    /// <summary>Returns the same session after an authenticator app was connected. The code of the current step is used.</summary>
    public async Task<SignedIn> GuardedAsync()
    {
        var session = await SignedInAsync();
        if (_secret is not null)
            return session;
        var begun = await CallAsync("POST", SecondFactorCalls.SetUp, session.AccessToken);
        _secret = Base32Encoding.ToBytes(begun.Text("secret"));
        var code = new Totp(_secret).ComputeTotp(DateTime.UtcNow);
        var answer = new { challengeId = begun.Text("challengeId"), verificationCode = code };
        using var connected = await http.SendAsync(HttpMethod.Post, SecondFactorCalls.Challenge, json: answer);
        await connected.ExpectAsync(HttpStatusCode.NoContent);
        return session;
    }

    /// <summary>Returns a token of the same session, older than the app, after a proof by password. With it a code completes the proof.</summary>
    public async Task<string> HalfProvedAsync() => await (_halfProved ??= ProveAsync());

    private async Task<string> ProveAsync() =>
        (await CallAsync("POST", SecondFactorCalls.Reauthenticate, (await GuardedAsync()).AccessToken, new { password = Password })).Text("accessToken");

    /// <summary>Returns the challenge of a sign-in that waits for its second step.</summary>
    public async Task<string> ChallengeAsync()
    {
        await GuardedAsync();
        using var response = await http.TryLoginAsync((await PersonAsync()).Text("id"), Password, "web");
        return (await response.ExpectAsync(HttpStatusCode.OK)).Text("2fa");
    }

    /// <summary>Returns the next code of the person's app. It is valid one step early, and still valid when the step has begun.</summary>
    public async Task<string> CodeAsync()
    {
        await GuardedAsync();
        return new Totp(_secret).ComputeTotp(DateTime.UtcNow + SecondFactorCalls.Step);
    }

    /// <summary>Opens a session of the person that makes no calls.</summary>
    public async Task<string> OtherSessionAsync() => (await SignInAsync((await PersonAsync()).Text("id"), Password, "app")).SessionId;

    /// <summary>Returns the id of a browser of the person.</summary>
    public async Task<string> DeviceAsync()
    {
        await SignedInBrowserAsync();
        return (await CallAsync("GET", DeviceCalls.Own, (await SignedInAsync()).AccessToken)).EnumerateArray().First().Text("id");
    }

    public async Task<string> OpenSessionAsync() => await OpenSessionAsync(await PersonAsync());

    /// <summary>Opens a session of an administrator who may impersonate.</summary>
    public async Task<string> OpenAdminSessionAsync() =>
        await OpenSessionAsync(await CreatePersonAsync(new { id = NewName("admin"), role = "ADMIN", canImpersonate = true }));

    public async Task<string> ImpersonatingSessionAsync()
    {
        var session = await OpenAdminSessionAsync();
        await CallAsync("POST", $"/sessions/{session}/impersonate", await ServiceAsync(), new { userUuid = (await PersonAsync()).Text("uuid") });
        return session;
    }

    public async Task StoreTokenAsync(string session, string name) =>
        await CallAsync("PUT", $"/sessions/{session}/tokens/{name}", await ServiceAsync(), "a value");

    public async Task<string> CreateServiceAsync() =>
        (await AsAdminAsync("POST", "/admin/principals", new { id = NewName("_service"), type = "SERVICE" })).Text("id");

    public async Task<string> CreateKeyAsync(string service) =>
        (await AsAdminAsync("POST", $"/admin/principals/{service}/api-keys", new { name = "a key" })).Text("id");

    /// <summary>Returns the secret of an OAuth client. Its id is <see cref="ServiceId"/>.</summary>
    public async Task<string> ClientSecretAsync() =>
        (await AsAdminAsync("POST", $"/admin/principals/{ServiceId}/api-keys", new { name = "a client" })).Text("key");

    /// <summary>Creates the application with the <see cref="Uid"/>.</summary>
    public async Task CreateApplicationAsync() => await CallAsync("POST", "/api/v1/app", await ServiceAsync(), new { name = "An application", uid = Uid });

    /// <summary>Returns the token of a service that only this scene uses, because a service may have only a few streams.</summary>
    public async Task<string> ReceiverAsync() => await (_receiver ??= NewReceiverAsync());

    /// <summary>Returns the id of the receiver's stream.</summary>
    public async Task<string> CreateStreamAsync() => await (_stream ??= NewStreamAsync());

    public async Task<string> AppTokenAsync()
    {
        await CreateApplicationAsync();
        return (await CallAsync("POST", $"/api/v1/auth/dashboard-access/{Uid}", await ServiceAsync())).Text("token");
    }

    /// <summary>Returns the reset token of a new person who must set a new password.</summary>
    public async Task<string> ResetTokenAsync()
    {
        var id = NewName("person");
        await CreatePersonAsync(new { id, password = Password, passwordResetRequested = true });
        return await http.ResetTokenAsync(id, Password);
    }

    /// <summary>Returns the token in the mail to a new address of the person.</summary>
    public async Task<string> AddressTokenAsync()
    {
        var address = Mailbox.NewAddressOf("next");
        await CallAsync("PUT", RecoveryCalls.Email, (await SignedInAsync()).AccessToken, new { email = address });
        return await mails!.TokenAsync(address, Mailbox.Confirm);
    }

    /// <summary>Returns the token in the notice to a person with a changed password.</summary>
    public async Task<string> NotMeTokenAsync()
    {
        var (id, address) = (NewName("person"), Mailbox.NewAddressOf("owner"));
        await CreatePersonAsync(new { id, password = Password, email = address });
        var session = await SignInAsync(id, Password, "app");
        await CallAsync("PUT", "/account/password", session.AccessToken, new { currentPassword = Password, newPassword = NewPassword() });
        return await mails!.TokenAsync(address, Mailbox.NewPassword);
    }

    /// <summary>Returns the trace id of a refused call. It comes from another address, so that the limit for recorded refusals is not used up.</summary>
    public async Task<string> RefusedTraceAsync()
    {
        using var elsewhere = Loopback.NewClient(http.BaseAddress!);
        var trace = await elsewhere.SendAsync(HttpMethod.Post, "/auth/refresh", $"rt_{new string('A', 43)}").TraceIdAsync();
        for (var tries = 0; tries < 600; tries++)
        {
            using var found = await http.SendAsync(HttpMethod.Get, $"/admin/refusals/{trace}", await AdminAsync());
            if (found.IsSuccessStatusCode)
                break;
            await Task.Delay(100);
        }

        return trace;
    }

    /// <summary>Returns the id of a webhook that receives no events of this scene.</summary>
    public Task<string> WebhookAsync() => _webhook ??= CreateWebhookAsync();

    public async Task<string> DeliveryAsync() => (await AsAdminAsync("POST", $"/admin/webhooks/{await WebhookAsync()}/test", new { })).Text("deliveryId");

    /// <summary>Deletes the webhooks, except those that other scenes have just made.</summary>
    public async Task DeleteWebhooksAsync()
    {
        var webhooks = (await CallAsync("GET", "/admin/webhooks", await AdminAsync())).EnumerateArray();
        foreach (var webhook in webhooks.Where(webhook => webhook.Text("url") != OwnWebhook || IsOld(webhook)))
        {
            using var response = await http.SendAsync(HttpMethod.Delete, $"/admin/webhooks/{webhook.Text("id")}", await AdminAsync());
        }
    }

    private static bool IsOld(JsonElement webhook) => DateTimeOffset.UtcNow - webhook.GetProperty("createdAt").GetDateTimeOffset() > LongestScene;

    private async Task<string> CreateWebhookAsync()
    {
        var wanted = new { url = OwnWebhook, events = new[] { "webhook_disabled" } };
        return (await AsAdminAsync("POST", "/admin/webhooks", wanted)).Text("id");
    }

    private Task<JsonElement> CreatePersonAsync(object facts) => AsAdminAsync("POST", "/admin/principals", facts);

    private async Task<string> OpenSessionAsync(JsonElement person) =>
        (await CallAsync("POST", "/sessions", await ServiceAsync(), new { userUuid = person.Text("uuid") })).Text("sessionId");

    private async Task<JsonElement> AsAdminAsync(string method, string path, object json) => await CallAsync(method, path, await AdminAsync(), json);

    private Task<SignedIn> SignInAsync(string user, string password, string service) => http.LoginAsync(user, password, service);

    private async Task<JsonElement> CallAsync(string method, string path, string bearer, object? json = null)
    {
        using var response = await http.SendAsync(new HttpMethod(method), path, bearer, json);
        return await response.ExpectAsync(response.IsSuccessStatusCode ? response.StatusCode : HttpStatusCode.OK);
    }

    private async Task<string> NewReceiverAsync()
    {
        var service = await AsAdminAsync("POST", "/admin/principals", new { id = NewName("_receiver"), type = "SERVICE" });
        return (await CallAsync("POST", "/auth/refresh", service.Text("refreshToken"))).Text("accessToken");
    }

    private async Task<string> NewStreamAsync() => (await CallAsync("POST", "/ssf/stream", await ReceiverAsync(), new { })).Text("stream_id");
}
