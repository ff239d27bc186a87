using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace AuthService.ApiTests.Hosting;

public sealed record Person(string Id, string Password, string Uuid);

public sealed record Service(string Id, string RefreshToken);

/// <summary>Creates people and services as the administrator.</summary>
public static class Principals
{
    /// <summary>Creates a person with a unique name, a USER unless <paramref name="facts"/> say otherwise: <c>new() { ["role"] = "ADMIN" }</c>.</summary>
    public static async Task<Person> CreatePersonAsync(this AuthHost host, JsonObject? facts = null)
    {
        var body = facts ?? [];
        body["id"] ??= NewName("person");
        body["password"] ??= NewPassword();
        var created = await host.AsAdminAsync(admin => host.PostAsync("/admin/principals", admin, body)).ExpectAsync(HttpStatusCode.Created);
        return new Person((string)body["id"]!, (string)body["password"]!, created.Text("uuid"));
    }

    /// <summary>Creates a person and signs them in.</summary>
    public static async Task<SignedIn> SignedInPersonAsync(this AuthHost host, string service = "app", JsonObject? facts = null) =>
        await host.LoginAsync(await host.CreatePersonAsync(facts), service);

    /// <summary>Creates a service. If it already exists (<c>_svc</c> has a policy in the settings), it gets a new refresh token.</summary>
    public static async Task<Service> CreateServiceAsync(this AuthHost host, string? id = null)
    {
        id ??= NewName("_service");
        using var creation = await host.AsAdminAsync(admin => host.PostAsync("/admin/principals", admin, new { id, type = "SERVICE" }));
        var answer = creation.StatusCode is HttpStatusCode.Conflict
            ? await host.AsAdminAsync(admin => host.PostAsync($"/admin/principals/{Uri.EscapeDataString(id)}/refresh-token", admin))
                .ExpectAsync(HttpStatusCode.OK)
            : await creation.ExpectAsync(HttpStatusCode.Created);
        return new Service(id, answer.Text("refreshToken"));
    }

    public static Task<string> ServiceTokenAsync(this AuthHost host, string refreshToken) => host.RefreshAsync(refreshToken);

    /// <summary>Gets an access token of a service. Without an id it creates a new service.</summary>
    public static async Task<string> NewServiceTokenAsync(this AuthHost host, string? id = null) =>
        await host.RefreshAsync((await host.CreateServiceAsync(id)).RefreshToken);

    public static string NewName(string kind) => $"{kind}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";

    public static string NewPassword() => $"Aa1-{RandomNumberGenerator.GetHexString(24, lowercase: true)}";
}
