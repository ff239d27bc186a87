using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.OAuth;

/// <summary>Makes calls to the introspection and revocation endpoints.</summary>
internal static class OAuthCalls
{
    public const string Introspect = "/oauth/introspect";
    public const string Revoke = "/oauth/revoke";

    public static Task<HttpResponseMessage> IntrospectionAsync(this AuthHost host, string service, string token, string? hint = null) =>
        host.PostAsync(Introspect, service, Form(token, hint));

    public static Task<HttpResponseMessage> RevokeAsync(this AuthHost host, string service, string token, string? hint = null) =>
        host.PostAsync(Revoke, service, Form(token, hint));

    public static Task<JsonElement> IntrospectAsync(this AuthHost host, string service, string token) =>
        host.IntrospectionAsync(service, token).ExpectAsync(HttpStatusCode.OK);

    /// <summary>Returns whether the token is active; fails if the response says anything else about an inactive one.</summary>
    public static async Task<bool> IsActiveAsync(this AuthHost host, string service, string token)
    {
        var answer = await host.IntrospectAsync(service, token);
        var active = answer.GetProperty("active").GetBoolean();
        Assert.True(active || answer.EnumerateObject().Count() == 1, $"{answer}");
        return active;
    }

    /// <summary>Fails unless the response is an error (RFC 6749) with this status, a trace id and <c>no-store</c>.</summary>
    public static async Task OAuthErrorAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status, string error)
    {
        using var response = await sending;
        var body = await response.ExpectAsync(status);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl is { NoStore: true }, "no-store is missing");
        Assert.Equal(status is HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Count > 0);
        Assert.Equal(["error", "error_description", "traceId"], body.EnumerateObject().Select(member => member.Name), StringComparer.Ordinal);
        Assert.Equal(error, body.Text("error"));
        Assert.NotEmpty(body.Text("error_description"));
    }

    private static FormUrlEncodedContent Form(string token, string? hint)
    {
        var fields = new List<KeyValuePair<string, string>> { new("token", token) };
        if (hint is not null)
            fields.Add(new("token_type_hint", hint));
        return new FormUrlEncodedContent(fields);
    }
}
