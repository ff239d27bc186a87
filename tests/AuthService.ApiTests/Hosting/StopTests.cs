using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace AuthService.ApiTests.Hosting;

public sealed class StopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task On_SIGTERM_ready_turns_false_while_calls_are_still_served()
    {
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new() { ["Shutdown:DrainDelay"] = "00:00:03" }));
        await service.WaitUntilReadyAsync();

        await service.AskToStopAsync();

        await UntilAsync(async () => await service.StatusAsync("/health/ready") is HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await service.StatusAsync("/health/live"));
        await service.TryLoginAsync("admin", AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(0, await service.WaitForExitAsync(Patience));
    }

    [Fact]
    public async Task On_SIGTERM_a_slow_sign_in_that_runs_is_answered_although_nobody_new_is_let_in()
    {
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new() { ["Passwords:BcryptCost"] = "14" }));
        await service.WaitUntilReadyAsync();
        var running = Enumerable.Range(0, 5).Select(_ => service.TryLoginAsync("admin", AuthHost.AdminPassword)).ToArray();
        await Task.Delay(TimeSpan.FromMilliseconds(500));

        await service.AskToStopAsync();

        await UntilAsync(async () => !await AcceptsAsync(service.Http.BaseAddress!));
        Assert.Contains(running, signIn => !signIn.IsCompleted);
        foreach (var signIn in running)
            await signIn.ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(0, await service.WaitForExitAsync(Patience));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, "It did not come");
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
