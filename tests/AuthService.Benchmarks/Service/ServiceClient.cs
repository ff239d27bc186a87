using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AuthService.Benchmarks.Run;

namespace AuthService.Benchmarks.Service;

/// <summary>The calls of the public API that prepare a run.</summary>
internal sealed class ServiceClient : IDisposable
{
    private readonly HttpClient _http;

    public ServiceClient(ServiceInstance instance)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(instance.Issuer) };
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    public async Task<SignIn> LoginAsync(string id, string password, string loginService, CancellationToken cancellationToken)
    {
        using var request = LoginRequest(id, password, loginService);
        using var response = await SendAsync(request, cancellationToken);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return new SignIn(
            Text(body, "accessToken") ?? throw new BenchmarkException("The answer to a login has no accessToken."),
            Text(body, "csrfToken"),
            Text(body, "refreshToken"),
            response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.First().Split(';')[0] : null);
    }

    /// <summary>Sends the password of a person with an authenticator app.</summary>
    /// <returns>The challenge, for <see cref="AnswerAsync"/>.</returns>
    public async Task<string> BeginLoginAsync(string id, string password, string loginService, CancellationToken cancellationToken)
    {
        using var request = LoginRequest(id, password, loginService);
        using var response = await SendAsync(request, cancellationToken);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return Text(body, "2fa") ?? throw new BenchmarkException("The answer to a login has no 2fa.");
    }

    /// <summary>Starts the connection of a new authenticator app.</summary>
    /// <returns>The secret of the app, and the challenge for its first code.</returns>
    public async Task<(string Secret, string Challenge)> BeginAppAsync(string accessToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/2fa");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var response = await SendAsync(request, cancellationToken);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return Text(body, "secret") is { } secret && Text(body, "challengeId") is { } challenge
            ? (secret, challenge)
            : throw new BenchmarkException("A new authenticator app was given no secret.");
    }

    /// <summary>Sends the code of an authenticator app.</summary>
    public async Task AnswerAsync(string challenge, string code, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(new { challengeId = challenge, verificationCode = code });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/2fa/challenge") { Content = content };
        using var response = await SendAsync(request, cancellationToken);
    }

    public async Task CreatePersonAsync(string adminToken, string id, string password, CancellationToken cancellationToken)
    {
        using var request = AdminRequest(adminToken, new
        {
            id,
            password,
            firstNames = "Ada Bea",
            lastName = "Benchmark",
            email = $"{id}@example.org",
            orgId = "example.org",
        });
        using var response = await SendAsync(request, cancellationToken);
    }

    /// <returns>The service's refresh token.</returns>
    public async Task<string> CreateServiceAsync(string adminToken, string id, CancellationToken cancellationToken)
    {
        using var request = AdminRequest(adminToken, new { id, type = "SERVICE" });
        using var response = await SendAsync(request, cancellationToken);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return Text(body, "refreshToken") ?? throw new BenchmarkException("A new service was given no refreshToken.");
    }

    /// <returns>A new access token.</returns>
    public async Task<string> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/refresh");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", refreshToken);
        using var response = await SendAsync(request, cancellationToken);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return Text(body, "accessToken") ?? throw new BenchmarkException("The answer to a refresh has no accessToken.");
    }

    /// <returns>The app token in the magic link.</returns>
    public async Task<string> OpenPortalAsync(string serviceToken, string path, string json, string idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Headers = { { "Idempotency-Key", idempotencyKey } },
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", serviceToken);
        using var response = await SendAsync(request, cancellationToken);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return Text(body, "token") ?? throw new BenchmarkException("A new magic link came without its token.");
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage LoginRequest(string id, string password, string loginService) =>
        new(HttpMethod.Post, "/auth/login") { Content = JsonContent.Create(new { username = id, password, service = loginService }) };

    private static HttpRequestMessage AdminRequest(string adminToken, object body) => new(HttpMethod.Post, "/admin/principals")
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", adminToken) },
        Content = JsonContent.Create(body),
    };

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await _http.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;

        var why = await response.Content.ReadAsStringAsync(cancellationToken);
        response.Dispose();
        throw new BenchmarkException(
            $"The run cannot be prepared: {request.Method} {request.RequestUri} answered {(int)response.StatusCode} {why}");
    }

    private static string? Text(JsonDocument body, string name) =>
        body.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
}

/// <param name="AccessToken">The token for the service's own endpoints.</param>
/// <param name="CsrfToken">The token that belongs to the cookie; null without one.</param>
/// <param name="RefreshToken">The refresh token of a sign-in through an application; otherwise null.</param>
/// <param name="Cookie">The name and value of the refresh cookie of a sign-in through a web page; otherwise null.</param>
internal sealed record SignIn(string AccessToken, string? CsrfToken, string? RefreshToken, string? Cookie);
