using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Admin;

/// <summary>Calls the administration API.</summary>
public static class Administration
{
    public const string Root = "/admin/principals";

    public static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";

    public static async Task<JsonElement> CreateAsync(this AuthHost host, object principal) =>
        await host.AsAdminAsync(admin => host.PostAsync(Root, admin, principal)).ExpectAsync(HttpStatusCode.Created);

    public static async Task<JsonElement> ShowAsync(this AuthHost host, string id) =>
        await host.AsAdminAsync(admin => host.GetAsync(PathOf(id), admin)).ExpectAsync(HttpStatusCode.OK);

    public static async Task<JsonElement> ChangeAsync(this AuthHost host, string id, object change) =>
        await host.AsAdminAsync(admin => host.PatchAsync(PathOf(id), admin, change)).ExpectAsync(HttpStatusCode.OK);

    public static string SessionsOf(string id) => $"{PathOf(id)}/sessions";

    /// <summary>Gets the first page of a principal's sessions, newest first.</summary>
    public static async Task<JsonElement[]> SessionsInFullAsync(this AuthHost host, string id) =>
        [.. (await host.AsAdminAsync(admin => host.GetAsync($"{SessionsOf(id)}?itemsPerPage=250", admin)).ExpectAsync(HttpStatusCode.OK))
            .GetProperty("items").EnumerateArray()];

    /// <summary>Revokes every session of a principal.</summary>
    /// <returns>The number of revoked sessions.</returns>
    public static async Task<int> RevokeAllAsync(this AuthHost host, string id) =>
        (await host.AsAdminAsync(admin => host.DeleteAsync(SessionsOf(id), admin)).ExpectAsync(HttpStatusCode.OK)).GetProperty("revoked").GetInt32();

    /// <summary>
    /// Fails unless the response is a problem (RFC 9457) with this status, the right content type and exactly the known members; returns
    /// its code.
    /// </summary>
    public static async Task<string> ProblemAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        var body = await response.ExpectAsync(status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["code", "detail", "status", "title", "traceId", "type"], body.EnumerateObject().Select(member => member.Name)
            .Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal((int)status, body.GetProperty("status").GetInt32());
        Assert.NotEmpty(body.Text("detail"));
        return body.Text("code");
    }
}
