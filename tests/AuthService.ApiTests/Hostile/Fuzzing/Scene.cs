using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>Those whom one valid call needs, made when they are asked for: who calls, and what is called about.</summary>
internal sealed class Scene(HttpClient http, string serviceCredential)
{
    public const string ServiceId = "_hostile";

    /// <summary>No name that a mutation comes upon: it would delete this administrator, as it may.</summary>
    public const string AdminId = "keeper-of-the-scenes";

    /// <summary>The one in the documents' examples.</summary>
    private const string Password = "plum kettle orbit 93";

    private Task<string>? _admin;
    private Task<JsonElement>? _person;
    private Task<SignedIn>? _signedIn;

    /// <summary>A uid that no application has, or the one of the application that was made here.</summary>
    public string Uid { get; } = NewName("uid");

    /// <summary>The standing credential of the service that all scenes call as.</summary>
    public static async Task<string> NewServiceCredentialAsync(HttpClient http) =>
        (await new Scene(http, "").AsAdminAsync("POST", "/admin/principals", new { id = ServiceId, type = "SERVICE" })).Text("refreshToken");

    public Task<string> AdminAsync() => _admin ??= SignInAsync(AdminId, AuthHost.AdminPassword, "app").ContinueWith(
        static signedIn => signedIn.Result.AccessToken, TaskScheduler.Default);

    public async Task<string> ServiceAsync() => (await CallAsync("POST", "/auth/refresh", serviceCredential)).Text("accessToken");

    /// <summary>As the administration shows it.</summary>
    public Task<JsonElement> PersonAsync() => _person ??= CreatePersonAsync(new { id = NewName("person"), password = Password });

    public async Task<SignedIn> SignedInAsync() => await (_signedIn ??= SignInAsync((await PersonAsync()).Text("id"), Password, "app"));

    public async Task<SignedIn> SignedInBrowserAsync() => await SignInAsync((await PersonAsync()).Text("id"), Password, "web");

    /// <summary>A session of the person that nobody calls with.</summary>
    public async Task<string> OtherSessionAsync() => (await SignInAsync((await PersonAsync()).Text("id"), Password, "app")).SessionId;

    public async Task<string> OpenSessionAsync() => await OpenSessionAsync(await PersonAsync());

    /// <summary>A session of an administrator who may impersonate.</summary>
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

    /// <summary>An application with the <see cref="Uid"/>.</summary>
    public async Task CreateApplicationAsync() => await CallAsync("POST", "/api/v1/app", await ServiceAsync(), new { name = "An application", uid = Uid });

    public async Task<string> AppTokenAsync()
    {
        await CreateApplicationAsync();
        return (await CallAsync("POST", $"/api/v1/auth/dashboard-access/{Uid}", await ServiceAsync())).Text("token");
    }

    private Task<JsonElement> CreatePersonAsync(object facts) => AsAdminAsync("POST", "/admin/principals", facts);

    private async Task<string> OpenSessionAsync(JsonElement person) =>
        (await CallAsync("POST", "/sessions", await ServiceAsync(), new { userUuid = person.Text("uuid") })).Text("sessionId");

    private async Task<JsonElement> AsAdminAsync(string method, string path, object json) => await CallAsync(method, path, await AdminAsync(), json);

    private async Task<SignedIn> SignInAsync(string user, string password, string service)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/login") { Content = JsonContent.Create(new { username = user, password, service }) };
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await http.SendAsync(request);
        var body = await response.ExpectAsync(HttpStatusCode.OK);
        var cookie = SignIns.RefreshCookieOf(response);
        return new SignedIn(body.Text("accessToken"), body.Text("csrfToken"), cookie?.Value ?? body.Text("refreshToken"), cookie?.Name);
    }

    private async Task<JsonElement> CallAsync(string method, string path, string bearer, object? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = json is null ? null : JsonContent.Create(json) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var response = await http.SendAsync(request);
        return await response.ExpectAsync(response.IsSuccessStatusCode ? response.StatusCode : HttpStatusCode.OK);
    }
}
