using System.Net;
using System.Text;
using System.Text.Json;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.OAuth;

/// <summary>A service as an OAuth client: its id, and one of its API keys as the client secret.</summary>
public sealed record OAuthClient(string Id, string Secret)
{
    /// <summary>The Basic credentials. Both parts are form-urlencoded before they are joined (RFC 6749, section 2.3.1).</summary>
    public (string Name, string Value) Basic => BasicOf($"{WebUtility.UrlEncode(Id)}:{WebUtility.UrlEncode(Secret)}");

    public static (string Name, string Value) BasicOf(string pair) => ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}");
}

/// <summary>Makes calls with client authentication.</summary>
public static class ClientCalls
{
    public const string Token = "/oauth/token";

    public static async Task<OAuthClient> NewOAuthClientAsync(this AuthHost host)
    {
        var key = await host.NewApiKeyAsync();
        return new OAuthClient(key.Owner, key.Key);
    }

    /// <summary>Posts a form. The client credentials may be in the headers or in the fields, or missing.</summary>
    public static Task<HttpResponseMessage> PostFormAsync(
        this AuthHost host, string path, (string Name, string Value)[] fields, params (string Name, string Value)[] headers) => host.SendAsync(
            HttpMethod.Post, path, json: new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), headers: headers);

    public static Task<JsonElement> ClientTokenAsync(this AuthHost host, OAuthClient client, string? scope = null) =>
        host.PostFormAsync(Token, [("grant_type", "client_credentials"), ("scope", scope ?? "")], client.Basic).ExpectAsync(HttpStatusCode.OK);
}
