using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Admin;

/// <summary>Reads the recorded refusals and their reasons.</summary>
public static class RefusalCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Fails unless the call is refused; returns the trace id of the error.</summary>
    public static async Task<string> TraceIdAsync(this Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        Assert.False(response.IsSuccessStatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Text("traceId");
    }

    /// <summary>Waits until the refusal is recorded, and returns it.</summary>
    public static async Task<JsonElement> RefusalOfAsync(this AuthHost host, string traceId, AuthHost? askedAt = null)
    {
        var asked = askedAt ?? host;
        var admin = await host.AdminTokenAsync();
        for (var end = DateTime.UtcNow + Patience; ; await Task.Delay(100))
        {
            using var answer = await asked.GetAsync($"/admin/refusals/{traceId}", admin);
            if (answer.StatusCode is HttpStatusCode.OK || DateTime.UtcNow > end)
                return Assert.Single((await answer.ExpectAsync(HttpStatusCode.OK)).EnumerateArray());
        }
    }

    public static async Task<JsonElement> RefusalOfAsync(this AuthHost host, Task<HttpResponseMessage> sending) =>
        await host.RefusalOfAsync(await sending.TraceIdAsync());

    public static async Task<JsonElement[]> RefusalsAsync(this AuthHost host, string query)
    {
        var page = await host.GetAsync($"/admin/refusals{query}", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        return [.. page.GetProperty("items").EnumerateArray()];
    }

    public static Task<HttpResponseMessage> TryExplainAsync(this AuthHost host, object question) =>
        host.AdminTokenAsync().ContinueWith(admin => host.PostAsync("/admin/explain", admin.Result, question), TaskScheduler.Default).Unwrap();
}
