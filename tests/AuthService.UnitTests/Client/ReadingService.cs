extern alias package;

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using package::AuthService.Client;
using package::AuthService.Client.Revocations;
using Xunit;

namespace AuthService.UnitTests.Client;

/// <summary>A service with the package that reads the feed of a <see cref="FeedServer"/>, by a fast clock.</summary>
internal sealed class ReadingService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServiceProvider _services;

    private ReadingService(FeedServer feed, ServiceProvider services) => (Feed, _services) = (feed, services);

    public FeedServer Feed { get; }

    public FastClock Clock => (FastClock)_services.GetRequiredService<TimeProvider>();

    public AuthServiceClient Auth => _services.GetRequiredService<AuthServiceClient>();

    public IRevocationStatus Status => _services.GetRequiredService<IRevocationStatus>();

    public ConcurrentQueue<string> Log => ((Recorder)_services.GetRequiredService<ILoggerProvider>()).Lines;

    /// <summary>The owner of this service's meters.</summary>
    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public static async Task<ReadingService> StartAsync(Action<AuthServiceRevocationOptions>? configure = null, Action<FeedServer>? prepare = null)
    {
        var clock = new FastClock();
        var feed = await FeedServer.StartAsync(clock);
        prepare?.Invoke(feed);
        var options = new AuthServiceRevocationOptions();
        configure?.Invoke(options);
        var services = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddSingleton<ILoggerProvider>(new Recorder())
            .AddLogging(logging => logging.AddFilter("System.Net.Http", LogLevel.None));
        services.AddAuthServiceBearer(bearer => (bearer.Issuer, bearer.Revocation) = ("https://auth.example.com", options));
        services.AddAuthServiceClient(client => (client.Address, client.ApiKey) = (feed.Address, "sk_x"));
        services.AddHealthChecks().AddAuthServiceRevocation(failureStatus: HealthStatus.Degraded);
        var service = new ReadingService(feed, services.BuildServiceProvider());
        foreach (var hosted in service._services.GetServices<IHostedService>())
            await hosted.StartAsync(CancellationToken.None);
        return service;
    }

    public async Task StopAsync()
    {
        foreach (var hosted in _services.GetServices<IHostedService>())
            await hosted.StopAsync(CancellationToken.None);
    }

    /// <summary>Returns whether the token is known to be revoked, without asking AuthService.</summary>
    public bool Knows(CheckedToken token) => _services.GetRequiredService<RevocationKnowledge>().Refuses(token);

    public async Task<RevocationVerdict> CheckAsync(JsonWebToken token, HttpContext? http = null) =>
        await _services.GetRequiredService<RevocationCheck>().CheckAsync(token, http ?? NewRequest());

    public async Task<HealthReportEntry> ProbeAsync() =>
        (await _services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries.Values.Single();

    public HttpContext NewRequest() => new DefaultHttpContext { RequestServices = _services };

    public async Task UntilAsync(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, $"not so after {waited.Elapsed}; polls: {string.Join(' ', Feed.Polls)}\n{string.Join('\n', Log)}");
            await Task.Delay(5);
        }
    }

    /// <summary>Waits until a poll that has not begun yet has made the knowledge complete.</summary>
    public async Task UntilFreshAsync()
    {
        var begun = Feed.Polls.Count;
        await UntilAsync(() => Feed.Polls.Count > begun + 1 && Status.Age is not null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
        await Feed.DisposeAsync();
    }

    private sealed class Recorder : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception?.Message}");

        public void Dispose()
        {
        }
    }
}
