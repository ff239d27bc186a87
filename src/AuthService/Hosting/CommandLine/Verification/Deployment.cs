using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>A running service, as its clients reach it.</summary>
/// <param name="address">The address, without a slash at the end.</param>
/// <param name="interruption">Cancelled when the verification is interrupted: calls and pauses end.</param>
internal sealed class Deployment(Uri address, CancellationToken interruption) : IDisposable
{
    private const int MostTries = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { Timeout = Patience };

    public Uri Address { get; } = address;

    public bool IsHttps => Address.Scheme == Uri.UriSchemeHttps;

    /// <summary>The <c>Origin</c> header that a page of the deployment itself sends.</summary>
    public string Origin => Address.GetLeftPart(UriPartial.Authority);

    public Task<Answer> GetAsync(string path, string? bearer = null) => SendAsync(new Call(HttpMethod.Get, path) { Bearer = bearer });

    public Task<Answer> PostAsync(string path, string? bearer = null, JsonNode? body = null) =>
        SendAsync(new Call(HttpMethod.Post, path) { Bearer = bearer, Body = body });

    public Task<Answer> DeleteAsync(string path, string? bearer = null) => SendAsync(new Call(HttpMethod.Delete, path) { Bearer = bearer });

    /// <summary>Sends a call. After a rate limit it waits as told and repeats the call.</summary>
    public Task<Answer> SendAsync(Call call) => SendAsync(call, interruption);

    /// <summary>
    /// Sends a call and waits for its response even after an interruption, because the caller must know the result. After a rate limit it repeats the
    /// call.
    /// </summary>
    public Task<Answer> SendUninterruptedAsync(Call call) => SendAsync(call, CancellationToken.None);

    /// <summary>Sends a call once, without a repeat after a rate limit.</summary>
    public Task<Answer> SendOnceAsync(Call call) => SendOnceAsync(call, interruption);

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(Call call, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await SendOnceAsync(call, cancellation);
            if (answer.Status is not HttpStatusCode.TooManyRequests || tries == MostTries || PauseOf(answer) is not { } pause)
                return answer;
            await Task.Delay(pause, cancellation);
        }
    }

    private async Task<Answer> SendOnceAsync(Call call, CancellationToken cancellation)
    {
        using var request = call.ToRequest(Address);
        using var response = await _http.SendAsync(request, cancellation);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(
            $"{call.Method} {call.Path}",
            response.StatusCode,
            headers,
            response.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [],
            await response.Content.ReadAsStringAsync(cancellation));
    }

    /// <summary>Gets the pause that a rate limit asks for. Null for a longer pause, which is that of a lock.</summary>
    private static TimeSpan? PauseOf(Answer answer) =>
        int.TryParse(answer.Header("Retry-After"), out var seconds) && TimeSpan.FromSeconds(seconds) <= LongestPause ? TimeSpan.FromSeconds(seconds) : null;
}

/// <summary>A request to the deployment.</summary>
internal sealed record Call(HttpMethod Method, string Path)
{
    public string? Bearer { get; init; }

    public JsonNode? Body { get; init; }

    /// <summary>The form fields that are sent instead of a JSON body.</summary>
    public IReadOnlyDictionary<string, string>? Form { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public HttpRequestMessage ToRequest(Uri address)
    {
        var request = new HttpRequestMessage(Method, address.AbsoluteUri.TrimEnd('/') + Path)
        {
            Content = (Form, Body) switch
            {
                ({ } form, _) => new FormUrlEncodedContent(form),
                (_, { } body) => new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
                _ => null,
            },
        };
        if (Bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Bearer);
        foreach (var (name, value) in Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
