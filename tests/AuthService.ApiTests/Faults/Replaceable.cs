using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>An instance that is replaced by a new one, and its state as a load balancer sees it.</summary>
internal sealed class Replaceable(ServiceFolder folder, Settings settings) : IAsyncDisposable
{
    private ServiceProcess? _process;
    private Task _watching = Task.CompletedTask;
    private volatile bool _isReady;

    public Uri? Address { get; private set; }

    public Uri? ReadyAddress => _isReady ? Address : null;

    /// <summary>Starts the instance if it does not run.</summary>
    /// <param name="build">Another build than before, or null.</param>
    public async Task StartAsync(ServiceFolder? build = null)
    {
        if (_process is not null)
            return;
        var process = (build ?? folder).Start(settings);
        _process = process;
        await process.WaitUntilReadyAsync();
        Address = process.Http.BaseAddress;
        _isReady = true;
        _watching = WatchAsync(process);
    }

    /// <returns>The time that the stop took.</returns>
    public async Task<TimeSpan> StopAsync(TimeSpan atMost)
    {
        var waited = Stopwatch.StartNew();
        await _process!.RequestStopAsync();
        Assert.Equal(0, await _process.WaitForExitAsync(atMost));
        var took = waited.Elapsed;
        await DisposeAsync();
        return took;
    }

    public async Task KillAsync()
    {
        await _process!.SignalAsync("KILL");
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        await process.DisposeAsync();
        await _watching;
    }

    /// <summary>Checks the health of the instance until it is no longer ready.</summary>
    private async Task WatchAsync(ServiceProcess process)
    {
        while (_isReady)
        {
            try
            {
                _isReady = await process.StatusAsync("/health/ready") is HttpStatusCode.OK;
            }
            catch (Exception gone) when (gone is HttpRequestException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                _isReady = false;
            }

            await Task.Delay(50);
        }
    }
}
