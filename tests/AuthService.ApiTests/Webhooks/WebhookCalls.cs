using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.Audit;

namespace AuthService.ApiTests.Webhooks;

public sealed record MadeWebhook(string Id, string Secret)
{
    public string Path => $"{WebhookCalls.Root}/{Id}";
}

/// <summary>Makes calls to the administration of webhooks.</summary>
internal static class WebhookCalls
{
    public const string Root = "/admin/webhooks";

    /// <summary>Gets an instance with these settings on a database of this class, and deletes the webhooks of its other tests there.</summary>
    public static async Task<AuthHost> WithoutWebhooksAsync(this ClassHosts hosts, Settings? settings = null)
    {
        var own = await hosts.AnotherAsync(settings);
        await own.Database.ExecuteAsync("DELETE FROM webhook_deliveries");
        await own.Database.ExecuteAsync("DELETE FROM webhooks");
        return own;
    }

    public static async Task<MadeWebhook> CreateWebhookAsync(this AuthHost host, string url, params string[] events)
    {
        var made = await host.TryCreateWebhookAsync(new { url, events = events.Length > 0 ? events : null }).ExpectAsync(HttpStatusCode.Created);
        return new MadeWebhook(made.Text("id"), made.Text("secret"));
    }

    public static async Task<HttpResponseMessage> TryCreateWebhookAsync(this AuthHost host, object webhook) =>
        await host.PostAsync(Root, await host.NewAdminTokenAsync(), webhook);

    public static async Task<JsonElement> ShowAsync(this AuthHost host, MadeWebhook webhook) =>
        await host.GetAsync(webhook.Path, await host.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);

    /// <summary>Lists the deliveries, newest first.</summary>
    public static async Task<JsonElement[]> DeliveriesAsync(this AuthHost host, MadeWebhook webhook, string query = "") =>
        [.. (await host.GetAsync($"{webhook.Path}/deliveries{query}", await host.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.OK))
            .GetProperty("items").EnumerateArray()];

    /// <summary>Returns the only delivery, as soon as it has this number of attempts.</summary>
    public static async Task<JsonElement> DeliveryAsync(this AuthHost host, MadeWebhook webhook, int attempts)
    {
        JsonElement found = default;
        await Eventually.TrueAsync(
            async () =>
            {
                if (await host.DeliveriesAsync(webhook) is not [var delivery])
                    return false;
                found = delivery;
                return delivery.GetProperty("attempts").GetArrayLength() == attempts;
            },
            () => $"{found}");
        return found;
    }

    /// <summary>Returns the names of the members in alphabetical order.</summary>
    public static string MembersOf(JsonElement json) =>
        string.Join(' ', json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));

    public static string[] OutcomesOf(JsonElement delivery) =>
        [.. delivery.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.Text("outcome"))];

    public static async Task<string> PingAsync(this AuthHost host, MadeWebhook webhook) =>
        (await host.PostAsync($"{webhook.Path}/test", await host.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.Accepted)).Text("deliveryId");

    /// <summary>Writes an audit entry with an event that nothing else causes in these tests.</summary>
    public static Task WriteEntryAsync(this AuthHost host, string? principal = null) => host.CallAsync<AuditLog, bool>(async audit =>
    {
        await audit.WriteAsync(AuditActor.Service, AuditEvents.AppTokensExpired, principal, detail: "canary");
        return true;
    });
}
