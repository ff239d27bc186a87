using System.Net;
using System.Security.Claims;
using AuthService.ApiTests.Hosting;
using AuthService.Client;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>The parts of a service beside the package.</summary>
/// <param name="Before">Runs before the package is added.</param>
/// <param name="After">Runs after the package was added.</param>
/// <param name="Map">Maps endpoints.</param>
public sealed record OwnParts(Action<IServiceCollection>? Before = null, Action<IServiceCollection>? After = null, Action<WebApplication>? Map = null);

/// <summary>Another service that uses the package, on a free port of 127.0.0.1.</summary>
public sealed class FileService : IAsyncDisposable
{
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly WebApplication _app;
    private int _handled;

    private FileService(WebApplication app, Gateway gateway) => (_app, Gateway) = (app, gateway);

    /// <summary>The proxy before AuthService.</summary>
    public Gateway Gateway { get; }

    /// <summary>How often a handler has run.</summary>
    public int Handled => _handled;

    public AuthServiceClient Auth => _app.Services.GetRequiredService<AuthServiceClient>();

    public IRevocationStatus Revocations => _app.Services.GetRequiredService<IRevocationStatus>();

    /// <param name="host">The instance that issues the tokens.</param>
    /// <param name="account">The service's account. Without one the service accepts no one-time tokens.</param>
    /// <param name="client">Changes the usual options of the client.</param>
    /// <param name="bearer">Changes the usual options of the bearer scheme.</param>
    /// <param name="first">Sees every call to AuthService first (<see cref="Gateway.First"/>).</param>
    /// <param name="own">The parts of the service beside the package.</param>
    public static async Task<FileService> StartAsync(
        AuthHost host,
        Service? account = null,
        Action<AuthServiceClientOptions>? client = null,
        Action<AuthServiceBearerOptions>? bearer = null,
        Func<HttpContext, Task<bool>>? first = null,
        OwnParts? own = null)
    {
        var gateway = await Gateway.StartAsync(host);
        gateway.First = first ?? gateway.First;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(host.Clock);
        own?.Before?.Invoke(builder.Services);
        builder.Services.AddAuthServiceBearer(options =>
        {
            options.Issuer = "http://localhost";
            options.KeysAddress = new Uri(gateway.Address, "/.well-known/jwks.json");
            bearer?.Invoke(options);
        });
        builder.Services.AddHealthChecks().AddAuthServiceRevocation();
        if (account is not null || client is not null)
        {
            var setUp = (AuthServiceClientOptions options) => (options.Address, options.RefreshToken) = (gateway.Address, account?.RefreshToken);
            builder.Services.AddAuthServiceClient(options => setUp(options)).Services.Configure(client ?? (_ => { }));
        }

        own?.After?.Invoke(builder.Services);
        var service = new FileService(builder.Build(), gateway);
        service.Map();
        own?.Map?.Invoke(service._app);
        await service._app.StartAsync();
        service._http.BaseAddress = new Uri(service._app.Urls.First());
        return service;
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return _http.SendAsync(request);
    }

    public async Task ExpectAsync(HttpStatusCode status, string path, string? token) => await GetAsync(path, token).ExpectAsync(status);

    /// <summary>Expects that the token is accepted, and returns the caller.</summary>
    public async Task<Seen> SeeAsync(string token)
    {
        var seen = await GetAsync("/me", token).ExpectAsync(HttpStatusCode.OK);
        return System.Text.Json.JsonSerializer.Deserialize<Seen>(seen, System.Text.Json.JsonSerializerOptions.Web)!;
    }

    /// <summary>Expects that the token is refused, and no handler runs.</summary>
    public async Task RefuseAsync(string? token)
    {
        var before = Handled;
        using var response = await GetAsync("/me", token);
        Assert.True(response.StatusCode is HttpStatusCode.Unauthorized, $"{response.StatusCode} for {token}");
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        Assert.Equal(before, Handled);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await Gateway.DisposeAsync();
    }

    private void Map()
    {
        _app.UseAuthentication().UseAuthorization();
        _app.Use((context, next) =>
        {
            Interlocked.Increment(ref _handled);
            return next(context);
        });
        _app.MapHealthChecks("/health");
        _app.MapGet("/me", (ClaimsPrincipal user) => Seen.Of(user)).RequireAuthorization();
        _app.MapGet("/again", (Delegate)AuthenticateAgainAsync).RequireAuthorization();
        _app.MapGet("/upload", () => "ok").RequireScope("files.upload:write");
        _app.MapGet("/both", () => "ok").RequireScope("files:read", "jobs:read");
        _app.MapGet("/fresh", () => "ok").RequireFreshSignIn(FreshFor);
        _app.MapGet("/fresh-upload", () => "ok").RequireAuthorization(policy => policy.RequireScope("files.upload:write").RequireFreshSignIn(FreshFor));
        _app.MapGet("/admin", [Authorize(Roles = "ADMIN")] () => "ok");
        _app.MapGet("/services", () => "ok").RequireAuthorization(policy => policy.RequireRole("SERVICE", "ADMIN").RequireScope("all:write"));
    }

    /// <summary>Authenticates again in a new scope of services, as an error page does.</summary>
    private static async Task<string?> AuthenticateAgainAsync(HttpContext context)
    {
        await using var scope = context.RequestServices.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        return (await context.AuthenticateAsync(AuthServiceBearer.SchemeName)).Principal?.Identity?.Name;
    }
}

/// <summary>The caller as a handler sees it.</summary>
public sealed record Seen(
    string? Name, string[] Scopes, string? Actor, string? ExtendedBy, string[] Chain, Guid? SessionId, string? Jti, bool IsAdmin, bool IsUser, string? Email)
{
    public DateTimeOffset? AuthenticatedAt { get; init; }

    public string[] Methods { get; init; } = [];

    public static Seen Of(ClaimsPrincipal user) => new(
        user.Identity?.Name,
        [.. user.GetScopes()],
        user.GetActor(),
        user.FindFirst(AuthServiceBearer.ExtendedByClaim)?.Value,
        [.. user.GetExtendedByChain()],
        user.GetSessionId(),
        user.FindFirst(AuthServiceBearer.OneTimeClaim)?.Value,
        user.IsInRole("ADMIN"),
        user.IsInRole("USER"),
        user.FindFirst("email")?.Value)
    {
        AuthenticatedAt = user.GetAuthenticatedAt(),
        Methods = [.. user.GetAuthenticationMethods()],
    };
}
