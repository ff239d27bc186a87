using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Admin;

/// <summary>Reads the audit log.</summary>
internal static class AuditCalls
{
    public static Task<HttpResponseMessage> TryAuditAsync(this AuthHost host, string admin, string query = "") => host.GetAsync($"/admin/audit{query}", admin);

    /// <returns>The entries of one page.</returns>
    public static async Task<JsonElement[]> AuditAsync(this AuthHost host, string admin, string query = "") =>
        [.. (await host.TryAuditAsync(admin, query).ExpectAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray()];

    /// <summary>Reads every entry that the filter finds, page by page.</summary>
    public static async Task<IReadOnlyList<JsonElement>> AuditPagesAsync(this AuthHost host, string admin, string filter, int limit, Func<Task>? between = null)
    {
        var (rows, cursor) = (new List<JsonElement>(), "");
        while (true)
        {
            var page = await host.TryAuditAsync(admin, $"?limit={limit}&{filter}{cursor}").ExpectAsync(HttpStatusCode.OK);
            rows.AddRange(page.GetProperty("items").EnumerateArray());
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 0, limit);
            if (page.GetProperty("nextCursor").GetString() is not { } next)
                return rows;
            cursor = $"&cursor={next}";
            await (between?.Invoke() ?? Task.CompletedTask);
        }
    }

    /// <summary>Runs an action and returns the audit entries that it wrote.</summary>
    /// <param name="host">The instance.</param>
    /// <param name="admin">The access token of an administrator. A sign-in during the call would add an entry.</param>
    /// <param name="action">The call to observe, and nothing else.</param>
    /// <param name="status">The expected status of the response.</param>
    public static async Task<JsonElement[]> RowsOfAsync(this AuthHost host, string admin, Func<Task<HttpResponseMessage>> action, HttpStatusCode status)
    {
        var last = (await host.AuditAsync(admin, "?limit=1"))[0].GetProperty("number").GetInt64();
        await action().ExpectAsync(status);
        return [.. (await host.AuditAsync(admin)).Where(row => row.GetProperty("number").GetInt64() > last)];
    }

    /// <summary>Writes actor, event, principal and outcome of an entry in one line.</summary>
    public static string Line(this JsonElement row) =>
        $"{row.GetProperty("actor").GetString() ?? "nobody"} {row.Text("event")} {row.GetProperty("principal").GetString() ?? "nobody"} {row.Text("outcome")}";

    public static long[] Numbers(this IEnumerable<JsonElement> rows) => [.. rows.Select(row => row.GetProperty("number").GetInt64())];
}
