using System.Data.Common;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Sessions;

/// <summary>Makes the calls of internal services to the Sessions API, and checks its refusals.</summary>
internal static class SessionCalls
{
    public const string Connect = "EQUISOFT_CONNECT";

    /// <summary>Every error code that the clients know.</summary>
    public static IReadOnlyList<string> Codes { get; } =
    [
        "SERVER_ERROR", "NOT_FOUND", "BAD_REQUEST", "ACCESS_DENIED", "CONFLICT", "SESSION_ALREADY_IMPERSONATED", "SESSION_NOT_IMPERSONATED",
        "SESSION_NOT_ENABLED", "USER_NOT_ENABLED", "USER_AGREEMENT_REQUESTED", "CONCURRENT_ACCESS", "INVALID_COOKIE_DOMAIN_NAME",
        "PASSWORD_RESET_REQUESTED",
    ];

    public static Task<HttpResponseMessage> TryOpenAsync(this AuthHost host, string service, string userUuid, JsonObject? facts = null)
    {
        var body = facts?.DeepClone().AsObject() ?? [];
        body["userUuid"] = userUuid;
        return host.PostAsync("/sessions", service, body);
    }

    /// <returns>The id of the new session.</returns>
    public static async Task<string> OpenAsync(this AuthHost host, string service, Person person, JsonObject? facts = null) =>
        (await host.TryOpenAsync(service, person.Uuid, facts).ExpectAsync(HttpStatusCode.Created)).Text("sessionId");

    public static Task<JsonElement> GetSessionAsync(this AuthHost host, string service, string id, string query = "") =>
        host.GetAsync($"/sessions/{id}{query}", service).ExpectAsync(HttpStatusCode.OK);

    public static async Task<string> StateAsync(this AuthHost host, string service, string id) => (await host.GetSessionAsync(service, id)).Text("state");

    public static Task ExpectGoneAsync(this AuthHost host, string service, string id) =>
        host.GetAsync($"/sessions/{id}", service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");

    public static Task EndAsync(this AuthHost host, string service, string id) =>
        host.DeleteAsync($"/sessions/{id}", service).ExpectAsync(HttpStatusCode.NoContent);

    public static Task EnableAsync(this AuthHost host, string service, string id) =>
        host.PostAsync($"/sessions/{id}/enable", service).ExpectAsync(HttpStatusCode.NoContent);

    public static Task<HttpResponseMessage> TryEnableForAsync(
        this AuthHost host, string service, string id, bool? disableOldest = null, string product = Connect) =>
        host.PostAsync($"/sessions/{id}/enable/{product}", service, disableOldest is null ? null : new { disableOldestSessions = disableOldest });

    public static Task EnableForAsync(this AuthHost host, string service, string id, bool? disableOldest = null) =>
        host.TryEnableForAsync(service, id, disableOldest).ExpectAsync(HttpStatusCode.NoContent);

    public static async Task<bool> HasAccessAsync(this AuthHost host, string service, string id) =>
        (await host.GetSessionAsync(service, id)).GetProperty("enabledForEquisoftConnect").GetBoolean();

    /// <summary>Creates an administrator with the right to impersonate, and signs them in.</summary>
    public static async Task<(Person Person, SignedIn Session)> ImpersonatorAsync(this AuthHost host)
    {
        var person = await host.CreatePersonAsync(new() { ["role"] = "ADMIN", ["canImpersonate"] = true });
        return (person, await host.LoginAsync(person));
    }

    public static Task<HttpResponseMessage> TryImpersonateAsync(
        this AuthHost host, string caller, string id, string userUuid, string? reason = "support case 7") =>
        host.PostAsync($"/sessions/{id}/impersonate", caller, new { userUuid, reason });

    public static Task<JsonElement> ImpersonateAsync(this AuthHost host, string caller, string id, Person person) =>
        host.TryImpersonateAsync(caller, id, person.Uuid).ExpectAsync(HttpStatusCode.OK);

    public static Task<HttpResponseMessage> TryRevertAsync(this AuthHost host, string service, string id) =>
        host.PostAsync($"/sessions/{id}/revertIdentity", service);

    public static async Task PatchPersonAsync(this AuthHost host, Person person, JsonObject change) =>
        await host.AsAdminAsync(admin => host.PatchAsync($"/admin/principals/{person.Id}", admin, change)).ExpectAsync(HttpStatusCode.OK);

    public static async Task SetPasswordAsync(this AuthHost host, Person person) =>
        await host.AsAdminAsync(admin => host.PutAsync($"/admin/principals/{person.Id}/password", admin, new { password = NewPassword() }))
            .ExpectAsync(HttpStatusCode.NoContent);

    public static async Task DeletePersonAsync(this AuthHost host, Person person) =>
        await host.AsAdminAsync(admin => host.DeleteAsync($"/admin/principals/{person.Id}", admin)).ExpectAsync(HttpStatusCode.NoContent);

    /// <summary>Makes the call read the session and then wait for a transaction that deletes it.</summary>
    public static async Task<HttpResponseMessage> WhileDeletingAsync(this AuthHost host, string sessionId, Func<Task<HttpResponseMessage>> call)
    {
        await using DbConnection connection = host.Database.IsPostgres
            ? new NpgsqlConnection(host.Database.ConnectionString)
            : new SqliteConnection(host.Database.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"DELETE FROM sessions WHERE lower(CAST(id AS text)) = '{sessionId}'";
        Assert.Equal(1, await command.ExecuteNonQueryAsync());

        var calling = call();
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        Assert.False(calling.IsCompleted);
        await transaction.CommitAsync();
        return await calling;
    }

    /// <summary>Fails unless the response is a refusal with this status and code in the error format of the Sessions API.</summary>
    /// <returns>The description.</returns>
    public static async Task<string> CodeAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status, string code)
    {
        using var response = await sending;
        var body = await response.ExpectAsync(status);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["description", "message", "traceId"], body.MemberNames());
        Assert.Equal(code, body.Text("message"));
        Assert.Contains(code, Codes, StringComparer.Ordinal);
        Assert.Equal(status is HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Count > 0);
        return Assert.IsType<string>(body.Text("description"));
    }
}
