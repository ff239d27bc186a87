using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.OAuth;

/// <summary>
/// Every endpoint with client authentication accepts <c>client_secret_basic</c> and <c>client_secret_post</c>
/// (RFC 6749, section 2.3.1).
/// </summary>
public abstract class ClientAuthenticationTests(AuthHost host)
{
    public static TheoryData<string> Routes { get; } = new() { OAuthCalls.Introspect, OAuthCalls.Revoke, ClientCalls.Token };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Both_methods_are_taken(string path)
    {
        var client = await host.NewOAuthClientAsync();

        await SendAsync(path, [], client.Basic).ExpectAsync(HttpStatusCode.OK);
        await SendAsync(path, [("client_id", client.Id)], client.Basic).ExpectAsync(HttpStatusCode.OK);
        await SendAsync(path, [("client_id", client.Id), ("client_secret", client.Secret)]).ExpectAsync(HttpStatusCode.OK);
    }

    /// <summary>An id may contain characters that have a meaning in a form or in Basic credentials.</summary>
    [Theory]
    [MemberData(nameof(Routes))]
    public async Task The_parts_of_Basic_are_form_urlencoded(string path)
    {
        var id = $"{NewName("_100%")} a+b:ö";
        var client = new OAuthClient(id, await KeyOfAsync(id));

        await SendAsync(path, [], client.Basic).ExpectAsync(HttpStatusCode.OK);
        await SendAsync(path, [], OAuthClient.BasicOf($"{id}:{client.Secret}")).OAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Two_methods_at_once_are_refused(string path)
    {
        var (client, bearer) = (await host.NewOAuthClientAsync(), await host.NewServiceTokenAsync());
        (string, string)[] inForm = [("client_id", client.Id), ("client_secret", client.Secret)];

        await SendAsync(path, inForm, client.Basic).OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await SendAsync(path, [("client_id", "_other")], client.Basic).OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await SendAsync(path, inForm, ("Authorization", $"Bearer {bearer}")).OAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_wrong_client_is_refused_and_told_how_to_authenticate(string path)
    {
        var (client, other) = (await host.NewOAuthClientAsync(), await host.NewOAuthClientAsync());
        var person = await host.SignedInPersonAsync();
        (string Id, string Secret)[] wrong =
        [
            (client.Id, other.Secret), (client.Id.ToUpperInvariant(), client.Secret), (client.Id, $"{client.Secret}x"), (client.Id, person.RefreshToken),
            (client.Id, person.AccessToken), (client.Id, ""), ("", client.Secret), ("_nobody", client.Secret), (AuthHost.AdminId, AuthHost.AdminPassword),
        ];

        foreach (var (id, secret) in wrong)
            await RefusedAsync(SendAsync(path, [], new OAuthClient(id, secret).Basic));
        foreach (var (id, secret) in wrong.Where(pair => pair.Secret.Length > 0))
            await RefusedAsync(SendAsync(path, [("client_id", id), ("client_secret", secret)]));
        foreach (var basic in new[] { "", "x", "!!!", "Og==", "/w==" })
            await RefusedAsync(SendAsync(path, [], ("Authorization", $"Basic {basic}")));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_revoked_key_and_a_disabled_service_are_no_client(string path)
    {
        var (client, admin) = (await host.NewOAuthClientAsync(), await host.AdminTokenAsync());
        await SendAsync(path, [], client.Basic).ExpectAsync(HttpStatusCode.OK);

        await host.PatchAsync($"/admin/principals/{client.Id}", admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);

        await RefusedAsync(SendAsync(path, [], client.Basic));
    }

    /// <summary>Only the OAuth endpoints accept Basic credentials.</summary>
    [Fact]
    public async Task Elsewhere_it_is_no_credential()
    {
        var client = await host.NewOAuthClientAsync();

        foreach (var path in new[] { "/admin/principals", "/auth/sessions", "/api/v1/app", "/account/auth/sessions" })
            await host.SendAsync(HttpMethod.Get, path, headers: client.Basic).ExpectAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(OAuthCalls.Introspect)]
    [InlineData(OAuthCalls.Revoke)]
    public async Task Who_shows_nothing_is_told_of_every_scheme_and_who_shows_a_bearer_of_that_one(string path)
    {
        using var nothing = await host.PostFormAsync(path, [("token", "x")]);
        using var bearer = await host.PostFormAsync(path, [("token", "x")], ("Authorization", "Bearer x"));

        Assert.Equal(["Bearer", "Basic"], nothing.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme), StringComparer.Ordinal);
        Assert.Equal(["Bearer"], bearer.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme), StringComparer.Ordinal);
    }

    private static async Task RefusedAsync(Task<HttpResponseMessage> sending)
    {
        var response = await sending;
        Assert.Equal(["Basic"], response.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme), StringComparer.Ordinal);
        await Task.FromResult(response).OAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_client");
    }

    /// <summary>Sends a request that is valid except for its credentials.</summary>
    private Task<HttpResponseMessage> SendAsync(string path, (string, string)[] fields, params (string, string)[] headers) =>
        host.PostFormAsync(path, [path is ClientCalls.Token ? ("grant_type", "client_credentials") : ("token", "x"), .. fields], headers);

    private async Task<string> KeyOfAsync(string id)
    {
        var admin = await host.AdminTokenAsync();
        await host.PostAsync("/admin/principals", admin, new { id, type = "SERVICE" }).ExpectAsync(HttpStatusCode.Created);
        var path = $"/admin/principals/{Uri.EscapeDataString(id)}/api-keys";
        return (await host.PostAsync(path, admin, new { name = "client" }).ExpectAsync(HttpStatusCode.Created)).Text("key");
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ClientAuthenticationTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ClientAuthenticationTests(store.Host);
}
