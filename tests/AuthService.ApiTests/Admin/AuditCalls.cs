using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Admin;

/// <summary>The audit log, read.</summary>
internal static class AuditCalls
{
    public static Task<HttpResponseMessage> TryAuditAsync(this AuthHost host, string admin, string query = "") => host.GetAsync($"/admin/audit{query}", admin);

    /// <returns>The rows of one page.</returns>
    public static async Task<JsonElement[]> AuditAsync(this AuthHost host, string admin, string query = "") =>
        [.. (await host.TryAuditAsync(admin, query).ExpectAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray()];

    /// <summary>Everything that the filter finds, page by page.</summary>
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

    /// <summary>The rows that an action writes.</summary>
    /// <param name="host">The instance.</param>
    /// <param name="admin">Signed in before.</param>
    /// <param name="action">Does nothing but the action.</param>
    /// <param name="status">Of its answer.</param>
    public static async Task<JsonElement[]> RowsOfAsync(this AuthHost host, string admin, Func<Task<HttpResponseMessage>> action, HttpStatusCode status)
    {
        var last = (await host.AuditAsync(admin, "?limit=1"))[0].GetProperty("number").GetInt64();
        await action().ExpectAsync(status);
        return [.. (await host.AuditAsync(admin)).Where(row => row.GetProperty("number").GetInt64() > last)];
    }

    /// <summary>Who did what to whom, with what outcome, in one line.</summary>
    public static string Line(this JsonElement row) =>
        $"{row.GetProperty("actor").GetString() ?? "nobody"} {row.Text("event")} {row.GetProperty("principal").GetString() ?? "nobody"} {row.Text("outcome")}";

    public static long[] Numbers(this IEnumerable<JsonElement> rows) => [.. rows.Select(row => row.GetProperty("number").GetInt64())];
}
