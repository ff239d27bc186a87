using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

public sealed record ApiKey(string Id, string Key, string Owner);

/// <summary>Creates and revokes API keys of services as an administrator.</summary>
internal static class ApiKeyCalls
{
    public static string KeysOf(string owner) => $"{Administration.PathOf(owner)}/api-keys";

    /// <summary>Creates an API key for the named service, or for a new one.</summary>
    public static async Task<ApiKey> NewApiKeyAsync(this AuthHost host, string? owner = null)
    {
        owner ??= (await host.CreateServiceAsync()).Id;
        var made = await host.AsAdminAsync(admin => host.PostAsync(KeysOf(owner), admin, new { name = NewName("key") })).ExpectAsync(HttpStatusCode.Created);
        return new ApiKey(made.Text("id"), made.Text("key"), owner);
    }

    public static async Task<IReadOnlyList<JsonElement>> ListKeysAsync(this AuthHost host, string owner) =>
        [.. (await host.AsAdminAsync(admin => host.GetAsync(KeysOf(owner), admin)).ExpectAsync(HttpStatusCode.OK)).EnumerateArray()];

    public static async Task RevokeAsync(this AuthHost host, ApiKey key) =>
        await host.AsAdminAsync(admin => host.DeleteAsync($"{KeysOf(key.Owner)}/{key.Id}", admin)).ExpectAsync(HttpStatusCode.NoContent);

    /// <summary>Fails unless every API that accepts API keys refuses this one.</summary>
    public static async Task ExpectRefusedAsync(this AuthHost host, ApiKey key)
    {
        await host.GetAsync(AppTokenCalls.Applications, key.Key).DetailAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync($"/auth/claim?jti={NewName("jti")}", key.Key).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.DeleteAsync("/sessions/expired", key.Key).ExpectAsync(HttpStatusCode.Unauthorized);
    }
}
