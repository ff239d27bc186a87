using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AuthService.Client.Calls;

/// <summary>Sends calls, and reads their answers and refusals.</summary>
internal sealed class ServiceCalls(HttpClient http)
{
    public static HttpContent Json<T>(T body, JsonTypeInfo<T> type) =>
        new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    /// <summary>Makes the exception for an answer that is not AuthService's, for example a proxy's.</summary>
    public static HttpRequestException AnsweredByAnother(Exception? error = null) => new("The answer is none of AuthService's", error);

    /// <summary>Makes a call whose success is 204.</summary>
    public async Task DoAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, content, bearer: null, cancellationToken);
        await ThrowUnlessDoneAsync(response, cancellationToken);
    }

    /// <summary>Makes a call whose success is 204.</summary>
    /// <returns>False when the answer has this status.</returns>
    public async Task<bool> TryAsync(HttpMethod method, string path, HttpContent? content, HttpStatusCode refusal, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, content, bearer: null, cancellationToken);
        if (IsRefusal(response, refusal))
            return false;
        await ThrowUnlessDoneAsync(response, cancellationToken);
        return true;
    }

    /// <summary>Makes a call as this service, and reads its answer.</summary>
    public async Task<T> ReadAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(method, path, content, bearer: null, cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
        return await ReadAsync(response, answer, cancellationToken);
    }

    /// <summary>Makes a call as this service that is not retried, and reads its answer.</summary>
    public async Task<T> ReadOnceAsync<T>(string path, HttpContent? content, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(HttpMethod.Post, path, content, bearer: null, isOnce: true, cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
        return await ReadAsync(response, answer, cancellationToken);
    }

    /// <summary>Makes a call with a token in the place of this service's own credential, and reads its answer.</summary>
    /// <exception cref="ArgumentException">The token is null or empty.</exception>
    public async Task<T> ReadAsBearerAsync<T>(
        HttpMethod method, string path, HttpContent? content, string bearer, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(bearer);
        using var response = await SendAsync(method, path, content, bearer, cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
        return await ReadAsync(response, answer, cancellationToken);
    }

    /// <summary>Gets the resource at a path.</summary>
    /// <returns>Null when AuthService answers 404.</returns>
    public async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(HttpMethod.Get, path, content: null, bearer: null, cancellationToken);
        if (IsRefusal(response, HttpStatusCode.NotFound))
            return null;
        await ThrowIfRefusedAsync(response, cancellationToken);
        return await ReadAsync(response, answer, cancellationToken);
    }

    private Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, string? bearer, CancellationToken cancellationToken) =>
        SendAsync(method, path, content, bearer, isOnce: false, cancellationToken);

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, string? bearer, bool isOnce, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        if (bearer is not null)
            CredentialHandler.CallAs(request, bearer);
        if (isOnce)
            RetryHandler.SendOnce(request);
        var response = await SendAsync(request, cancellationToken);
        if (request.Headers.Authorization is not null)
            return response;
        // A handler of the service's own has followed a redirect, which removes the credential and may turn the call into a GET.
        response.Dispose();
        throw AnsweredByAnother();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (SocketException error) // HttpClient does not wrap it if a connection is reset as soon as it is made
        {
            throw new HttpRequestException(error.Message, error);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(answer, cancellationToken) ?? throw new JsonException("null");
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            throw AnsweredByAnother(error);
        }
    }

    /// <summary>Returns whether AuthService has refused with this status.</summary>
    /// <exception cref="HttpRequestException">A proxy has answered with it: AuthService writes every refusal as JSON.</exception>
    private static bool IsRefusal(HttpResponseMessage response, HttpStatusCode refusal)
    {
        if (response.StatusCode != refusal)
            return false;
        var type = response.Content.Headers.ContentType?.MediaType;
        return type is "application/json" or "application/problem+json" ? true : throw AnsweredByAnother();
    }

    /// <summary>Accepts no status of success but 204: a proxy may answer with a page or a sign-in form.</summary>
    private static async Task ThrowUnlessDoneAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await ThrowIfRefusedAsync(response, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.NoContent)
            throw AnsweredByAnother();
    }

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        var body = await ReadErrorAsync(response, cancellationToken);
        var text = body?.Text ?? response.ReasonPhrase;
        throw new AuthServiceException(
            response.StatusCode, body?.Code, $"AuthService answered {(int)response.StatusCode}: {text}", body?.TraceId, RetryAfter.Of(response));
    }

    /// <returns>Null when the body is not an error of AuthService's, for example a proxy's page.</returns>
    private static async Task<ErrorBody?> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(ClientJson.Default.ErrorBody, cancellationToken);
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            return null;
        }
    }

    /// <summary>Returns whether the body is not JSON, or its character set is unknown.</summary>
    private static bool IsUnreadable(Exception error) => error is JsonException or InvalidOperationException;
}
