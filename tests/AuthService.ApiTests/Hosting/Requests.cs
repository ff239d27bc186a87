using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Xunit.Sdk;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// Sends requests and checks responses in few words: <c>await host.PostAsync("/auth/logout", bearer:
/// token).ExpectAsync(HttpStatusCode.NoContent)</c>.
/// </summary>
public static class Requests
{
    public static Task<HttpResponseMessage> GetAsync(this AuthHost host, string path, string? bearer = null) =>
        host.SendAsync(HttpMethod.Get, path, bearer);

    public static Task<HttpResponseMessage> PostAsync(this AuthHost host, string path, string? bearer = null, object? json = null) =>
        host.SendAsync(HttpMethod.Post, path, bearer, json);

    public static Task<HttpResponseMessage> PutAsync(this AuthHost host, string path, string? bearer = null, object? json = null) =>
        host.SendAsync(HttpMethod.Put, path, bearer, json);

    public static Task<HttpResponseMessage> PatchAsync(this AuthHost host, string path, string? bearer = null, object? json = null) =>
        host.SendAsync(HttpMethod.Patch, path, bearer, json);

    public static Task<HttpResponseMessage> DeleteAsync(this AuthHost host, string path, string? bearer = null) =>
        host.SendAsync(HttpMethod.Delete, path, bearer);

    /// <inheritdoc cref="Create"/>
    public static Task<HttpResponseMessage> SendAsync(
        this AuthHost host, HttpMethod method, string path, string? bearer = null, object? json = null, params (string Name, string Value)[] headers) =>
        host.Http.SendAsync(method, path, bearer, json, headers);

    /// <inheritdoc cref="Create"/>
    public static async Task<HttpResponseMessage> SendAsync(
        this HttpClient http, HttpMethod method, string path, string? bearer = null, object? json = null, params (string Name, string Value)[] headers)
    {
        using var request = Create(method, path, bearer, json, headers);
        return await http.SendAsync(request);
    }

    /// <summary>
    /// Creates a request. An <see cref="HttpContent"/> is sent as it is, anything else as JSON. Headers are not validated, so that invalid ones can
    /// be sent.
    /// </summary>
    public static HttpRequestMessage Create(
        HttpMethod method, string address, string? bearer = null, object? json = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, address)
        {
            Content = json switch
            {
                null => null,
                HttpContent content => content,
                _ => JsonContent.Create(json),
            },
        };
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>Gets the body as JSON (undefined when it is empty). Fails with the body if the response has another status.</summary>
    public static async Task<JsonElement> ExpectAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        return await response.ExpectAsync(status);
    }

    public static async Task<JsonElement> ExpectAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != status)
        {
            throw new XunitException(
                $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath}: "
                + $"expected {(int)status}, got {(int)response.StatusCode} {body}");
        }

        return body.Length > 0 && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? JsonElement.Parse(body)
            : default;
    }

    /// <summary>Gets the refusal in the error format of its API. Fails if the response has another status.</summary>
    public static async Task<Refusal> RefusalAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status) =>
        Refusal.Read(await sending.ExpectAsync(status));

    /// <summary>Gets the claims of a JWT without verifying it.</summary>
    public static JsonElement ClaimsOf(string jwt) => PartOf(jwt, 1);

    /// <summary>Gets the header of a JWT.</summary>
    public static JsonElement HeaderOf(string jwt) => PartOf(jwt, 0);

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static JsonElement PartOf(string jwt, int index) =>
        JsonElement.Parse(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(jwt.Split('.')[index])));
}

/// <summary>An error body in any of the error formats: the code for programs and the text for people.</summary>
public sealed record Refusal(string? Code, string? Text)
{
    private static readonly (string Code, string Text)[] Dialects =
    [
        ("errorCode", "why"),
        ("status", "message"),
        ("message", "description"),
        ("code", "detail"),
        ("error", "error_description"),
        ("type", "title"),
    ];

    internal static Refusal Read(JsonElement body)
    {
        foreach (var (code, text) in Dialects)
        {
            if (body.TryGetProperty(code, out var codeValue) && body.TryGetProperty(text, out var textValue))
                return new Refusal(codeValue.ToString(), textValue.ToString());
        }

        throw new XunitException($"No known error body: {body}");
    }
}
