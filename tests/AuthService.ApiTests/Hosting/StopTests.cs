using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace AuthService.ApiTests.Hosting;

public sealed class StopTests : IDisposable
{
    private const string ShutdownTimeout = "DOTNET_SHUTDOWNTIMEOUTSECONDS";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The time for calls that run when the service is told to stop, on a machine that is busy with other tests. .NET's default of 30 seconds may be
    /// too short there.
    /// </summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(5);

    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task On_SIGTERM_ready_turns_false_while_calls_are_still_served()
    {
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new() { ["Shutdown:DrainDelay"] = "00:00:15" }));
        await service.WaitUntilReadyAsync();

        await service.RequestStopAsync();

        await UntilAsync(async () => await service.StatusAsync("/health/ready") is HttpStatusCode.ServiceUnavailable, "not ready");
        Assert.Equal(HttpStatusCode.OK, await service.StatusAsync("/health/live"));
        await service.TryLoginAsync("admin", AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(0, await service.WaitForExitAsync(Patience));
    }

    /// <summary>The drain delay does not reduce the time that the host has for running calls. Here that is one second instead of .NET's 30.</summary>
    [Fact]
    public async Task On_SIGTERM_the_service_serves_for_the_whole_drain_delay_and_then_finishes_what_runs()
    {
        var delay = TimeSpan.FromSeconds(3);
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new()
        {
            ["Shutdown:DrainDelay"] = $"{delay}",
            [ShutdownTimeout] = "1",
        }));
        await service.WaitUntilReadyAsync();
        var stopping = Stopwatch.StartNew();

        await service.RequestStopAsync();

        await UntilAsync(async () => !await AcceptsAsync(service.Http.BaseAddress!), "nobody new is let in");
        Assert.InRange(stopping.Elapsed, delay, Patience);
        Assert.Equal(0, await service.WaitForExitAsync(Patience));
    }

    [Fact]
    public async Task On_SIGTERM_a_slow_sign_in_that_runs_is_answered_although_nobody_new_is_let_in()
    {
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new()
        {
            ["Passwords:BcryptCost"] = "15", // seconds
            [ShutdownTimeout] = $"{LongPatience.TotalSeconds}",
            ["Logging:LogLevel:Microsoft.AspNetCore.Routing.EndpointMiddleware"] = "Information",
        }));
        await service.WaitUntilReadyAsync();
        var running = service.TryLoginAsync("admin", AuthHost.AdminPassword); // a second sign-in would be refused on a very busy machine
        await UntilAsync(() => Task.FromResult(service.Output.Any(line => line.Contains("/auth/login", StringComparison.Ordinal))), "sign-in has begun");

        await service.RequestStopAsync();

        await UntilAsync(async () => !await AcceptsAsync(service.Http.BaseAddress!), "nobody new is let in");
        Assert.False(running.IsCompleted);
        await running.ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(0, await service.WaitForExitAsync(LongPatience));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    public async Task On_SIGTERM_before_it_is_up_it_exits_at_once(int afterMilliseconds)
    {
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new() { [ShutdownTimeout] = $"{LongPatience.TotalSeconds}" }));
        await service.WaitUntilReadingSettingsAsync();
        await Task.Delay(afterMilliseconds);

        await StopsAtOnceAsync(service);
    }

    /// <summary>
    /// The database does not listen, or accepts connections and never responds. Both are tested before and after the service itself listens.
    /// </summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task On_SIGTERM_while_the_database_is_away_it_exits_at_once(bool isSilent, bool isListening)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = isSilent ? ((IPEndPoint)silent.LocalEndpoint).Port : 1;
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new()
        {
            ["ConnectionStrings:Postgres"] = $"Host=127.0.0.1;Port={port};Username=nobody",
            ["Shutdown:DrainDelay"] = $"{LongPatience}",
            [ShutdownTimeout] = $"{LongPatience.TotalSeconds}",
        }));
        if (isListening)
            await service.WaitUntilListeningAsync();
        else
            await service.WaitUntilReadingSettingsAsync();

        await StopsAtOnceAsync(service);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Stops the service, which should take a second. A machine that is busy with other tests gets more time, but less than the drain delay and the
    /// host's timeout.
    /// </summary>
    private static async Task StopsAtOnceAsync(ServiceProcess service)
    {
        await service.RequestStopAsync();

        Assert.Equal(0, await service.WaitForExitAsync(Patience));
        Assert.DoesNotContain(
            service.Errors, line => line.Contains("   at ", StringComparison.Ordinal) || line.Contains("Unhandled", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Output, line => line.Contains("Hosting failed to start", StringComparison.Ordinal));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"It did not come to this: {what}");
            await Task.Delay(10);
        }
    }

    private static async Task<bool> AcceptsAsync(Uri address)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
