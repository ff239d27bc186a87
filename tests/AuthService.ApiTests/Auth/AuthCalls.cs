using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>Makes the calls that tests of the Auth API share: sign-ins in every format, refusals, and checks of what a session can still do.</summary>
internal static class AuthCalls
{
    /// <summary>The formats of a sign-in body.</summary>
    public enum Writing
    {
        Form,
        Multipart,
        Json,
    }

    public static (string Name, string Value) AcceptJson { get; } = ("Accept", "application/json");

    /// <summary>Writes a body with these members; members that are null are omitted.</summary>
    public static HttpContent Write(Writing writing, params (string Name, string? Value)[] fields)
    {
        var given = fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Name, field.Value!)).ToList();
        switch (writing)
        {
            case Writing.Form:
                return new FormUrlEncodedContent(given);
            case Writing.Multipart:
                var parts = new MultipartFormDataContent();
                given.ForEach(field => parts.Add(new StringContent(field.Value), field.Key));
                return parts;
            default:
                return Json(JsonSerializer.Serialize(given.ToDictionary(
                    field => field.Key, field => field.Value is "true" ? (object)true : field.Value, StringComparer.Ordinal)));
        }
    }

    /// <summary>Sends exactly this text as <c>application/json</c>.</summary>
    public static HttpContent Json(string text) => Raw(Encoding.UTF8.GetBytes(text), "application/json");

    public static HttpContent Raw(byte[] bytes, string? contentType)
    {
        var content = new ByteArrayContent(bytes);
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    public static Task<HttpResponseMessage> LoginWithAsync(this AuthHost host, HttpContent content, params (string Name, string Value)[] headers) =>
        host.SendAsync(HttpMethod.Post, "/auth/login", json: content, headers: headers.Length > 0 ? headers : [AcceptJson]);

    /// <summary>Refreshes the session through the endpoint for its kind: with a cookie or with a bearer token.</summary>
    public static Task<HttpResponseMessage> TryUseAsync(this AuthHost host, SignedIn session) =>
        session.CookieName is null ? host.TryRefreshAsync(session.RefreshToken) : host.TryWebRefreshAsync(session);

    public static async Task<string> UseAsync(this AuthHost host, SignedIn session) =>
        (await host.TryUseAsync(session).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

    /// <summary>Fails unless both the refresh token of the session and its access token are refused.</summary>
    public static async Task ExpectEndedAsync(this AuthHost host, SignedIn session)
    {
        await host.TryUseAsync(session).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync("/auth/sessions", session.AccessToken).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    public static Task<JsonElement> SessionsAsync(this AuthHost host, string accessToken, string query = "") =>
        host.GetAsync($"/auth/sessions{query}", accessToken).ExpectAsync(HttpStatusCode.OK);

    /// <summary>Fails unless the response is a refusal with this status in the error format of the Auth API, and sets no cookie.</summary>
    public static async Task<string> RefusedAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        return await response.RefusedAsync(status);
    }

    public static async Task<string> RefusedAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.ExpectAsync(status);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["errorCode", "traceId", "why"], body.MemberNames());
        Assert.Contains(body.GetProperty("errorCode").ValueKind, new[] { JsonValueKind.String, JsonValueKind.Null });
        Assert.False(response.Headers.Contains("Set-Cookie"), "A refusal sets no cookie");
        Assert.True(response.Headers.CacheControl is { NoStore: true }, "no-store is missing");
        Assert.Equal(status is HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Count > 0);
        Assert.Equal(status is HttpStatusCode.TooManyRequests, response.Headers.RetryAfter is not null);
        return Assert.IsType<string>(body.Text("why"));
    }

    /// <summary>Tries wrong passwords; fails unless each one is checked and refused.</summary>
    public static async Task FailAsync(this AuthHost host, string user, int times)
    {
        for (var i = 0; i < times; i++)
            await host.TryLoginAsync(user, "wrong").RefusedAsync(HttpStatusCode.Unauthorized);
    }

    /// <returns>The value of Retry-After in seconds.</returns>
    public static async Task<int> LockedForAsync(this AuthHost host, string user, string password)
    {
        using var response = await host.TryLoginAsync(user, password);
        await response.RefusedAsync(HttpStatusCode.TooManyRequests);
        return int.Parse(HeaderOf(response, "Retry-After"), CultureInfo.InvariantCulture);
    }

    /// <summary>Returns the names of the members in alphabetical order.</summary>
    public static string[] MemberNames(this JsonElement json) => [.. json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];

    /// <summary>Returns the names of the attributes in alphabetical order.</summary>
    public static string[] AttributeNames(this SetCookie cookie) => [.. cookie.Attributes.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Returns the value of a header, or an empty string without one.</summary>
    public static string HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

    public static bool IsNoStore(HttpResponseHeaders headers) => headers.CacheControl is { NoStore: true };
}
