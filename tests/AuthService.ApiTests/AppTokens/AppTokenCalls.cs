using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

public sealed record Application(string Id, string Uid);

/// <summary>A magic link and the app token in it.</summary>
public sealed record Portal(Uri Url, string Token);

/// <summary>One error of a 422 response. Its location is joined by dots: <c>body.application.uid</c>.</summary>
public sealed record Fault(string Location, string Message, string Type);

/// <summary>Makes the calls of services and app tokens to <c>/api/v1</c>, and checks its refusals.</summary>
internal static class AppTokenCalls
{
    public const string Applications = "/api/v1/app";
    public const string Logout = "/api/v1/auth/logout";

    public static string PathOf(string idOrUid) => $"{Applications}/{Uri.EscapeDataString(idOrUid)}";

    public static string DashboardOf(string idOrUid) => $"/api/v1/auth/dashboard-access/{Uri.EscapeDataString(idOrUid)}";

    public static string PortalOf(string idOrUid) => $"/api/v1/auth/app-portal-access/{Uri.EscapeDataString(idOrUid)}";

    public static string ExpireAllOf(string idOrUid) => $"/api/v1/auth/app/{Uri.EscapeDataString(idOrUid)}/expire-all";

    public static async Task<Application> CreateApplicationAsync(this AuthHost host, string service, string? uid = null)
    {
        uid ??= NewName("uid");
        return new Application(await host.PostAsync(Applications, service, new { name = "An application", uid }).CreatedIdAsync(), uid);
    }

    public static Task<JsonElement> ShowApplicationAsync(this AuthHost host, string bearer, string idOrUid) =>
        host.GetAsync(PathOf(idOrUid), bearer).ExpectAsync(HttpStatusCode.OK);

    public static Task<Portal> OpenDashboardAsync(this AuthHost host, string service, Application application) =>
        host.PostAsync(DashboardOf(application.Id), service).PortalAsync();

    public static Task<Portal> OpenPortalAsync(this AuthHost host, string service, Application application, int? expiry = null) =>
        host.PostAsync(PortalOf(application.Id), service, expiry is null ? new { } : new { expiry }).PortalAsync();

    /// <summary>Fails unless the response contains a magic link.</summary>
    public static async Task<Portal> PortalAsync(this Task<HttpResponseMessage> sending) => PortalIn(await sending.ExpectAsync(HttpStatusCode.OK));

    /// <summary>Fails unless the response is a new application; returns its id.</summary>
    public static async Task<string> CreatedIdAsync(this Task<HttpResponseMessage> sending) => (await sending.ExpectAsync(HttpStatusCode.Created)).Text("id");

    public static Portal PortalIn(JsonElement answer)
    {
        Assert.Equal(["token", "url"], answer.MemberNames());
        return new Portal(new Uri(answer.Text("url")), answer.Text("token"));
    }

    /// <summary>Fails unless the app token can read its application.</summary>
    public static Task ExpectAcceptedAsync(this AuthHost host, string token, Application application) =>
        host.GetAsync(PathOf(application.Id), token).ExpectAsync(HttpStatusCode.OK);

    public static Task ExpectRefusedAsync(this AuthHost host, string token, Application application) =>
        host.GetAsync(PathOf(application.Id), token).DetailAsync(HttpStatusCode.Unauthorized);

    public static Task<HttpResponseMessage> PostWithKeyAsync(this AuthHost host, string path, string? bearer, string key, object? json = null) =>
        host.SendAsync(HttpMethod.Post, path, bearer, json, ("Idempotency-Key", key));

    /// <summary>Fails unless the response is a refusal with this status in the error format of this API.</summary>
    /// <returns>The error code.</returns>
    public static async Task<string> DetailAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        var body = await response.ExpectAsync(status);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["code", "detail", "traceId"], body.MemberNames());
        Assert.NotEmpty(body.Text("detail"));
        Assert.Equal(status is HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Count > 0);
        return Assert.IsType<string>(body.Text("code"));
    }

    /// <summary>Fails unless the response is a 422 in the format of this API; returns its errors, ordered by location.</summary>
    public static async Task<IReadOnlyList<Fault>> FaultsAsync(this Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var body = await response.ExpectAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["detail", "traceId"], body.MemberNames());
        var faults = body.GetProperty("detail").EnumerateArray().Select(Read).OrderBy(fault => fault.Location, StringComparer.Ordinal).ToList();
        Assert.NotEmpty(faults);
        return faults;
    }

    /// <summary>Fails unless the errors are at exactly these locations.</summary>
    public static async Task ExpectFaultsAsync(this Task<HttpResponseMessage> sending, params string[] locations)
    {
        var found = (await sending.FaultsAsync()).Select(fault => fault.Location);
        Assert.Equal(locations.Order(StringComparer.Ordinal), found.Distinct(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static Fault Read(JsonElement fault)
    {
        Assert.Equal(["loc", "msg", "type"], fault.MemberNames());
        Assert.NotEmpty(fault.Text("msg"));
        Assert.NotEmpty(fault.Text("type"));
        var location = fault.GetProperty("loc").EnumerateArray().Select(part => part.GetString());
        return new Fault(string.Join('.', location), fault.Text("msg"), fault.Text("type"));
    }
}
