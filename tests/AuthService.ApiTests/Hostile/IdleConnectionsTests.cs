using System.Globalization;
using AuthService.ApiTests.Hostile.Crowds;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>Many idle connections cost little memory and do not block other callers.</summary>
public sealed class IdleConnectionsTests : IDisposable
{
    private const int Least = 2_000;
    private const string Question = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The number of connections: 50,000 in the long form, or as many as a process may open.</summary>
    private static readonly int Crowd = Math.Min(Effort.Of(usual: Least, @long: 50_000), OpenFiles.Most - OpenFiles.Others);

    private readonly ServiceFolder _folder = new();

    [OpenFilesFact(Least)]
    public async Task Others_are_served_beside_it_and_its_memory_is_used_again()
    {
        await using var service = await StartAsync(new() { ["Connections:Maximum"] = $"{Crowd + 500}" });
        await using var bystanders = Bystanders.Start(service.AddressOf("http"));
        for (var settled = 0; settled < 10; settled++)
            await bystanders.WaitForMoreAsync();
        var (atFirst, files) = (service.Memory, OpenFiles.CountOf(service.Id));

        var (silent, answered) = await ComeAndGoAsync(service, bystanders, files);
        var between = service.Memory;
        var (_, again) = await ComeAndGoAsync(service, bystanders, files);
        await bystanders.StopAsync();

        ProofTable.Add("Hostile", "Idle connections", string.Create(
            CultureInfo.InvariantCulture,
            $"{Crowd:N0}: {(double)(silent - atFirst) / Crowd / 1024:0.0} KiB for each, {(double)(answered - atFirst) / Crowd / 1024:0.0} KiB for one that was "
            + $"answered; {atFirst >> 20} MiB before, {answered >> 20} with all, {between >> 20} after them, {again >> 20} with all again; {bystanders}"));
        Assert.True((answered - atFirst) / Crowd < 32 * 1024, $"{(answered - atFirst) / Crowd} bytes for each");
        Assert.True(again - answered < 64 << 20, $"The same crowd takes {(again - answered) >> 20} MiB more when it comes again");
        ExpectNoError(service);
    }

    [Fact]
    public async Task Beyond_the_maximum_newcomers_are_closed_at_once_and_who_is_there_is_served()
    {
        await using var service = await StartAsync(new() { ["Connections:Maximum"] = "50" });
        var address = service.AddressOf("http");
        var session = await service.Http.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        var crowd = await Connection.OpenManyAsync(address, 100);

        var refused = (await Task.WhenAll(crowd.Select(IsClosedAsync))).Count(closed => closed);
        await service.Http.SendAsync(HttpMethod.Post, "/auth/refresh", session.RefreshToken).ExpectAsync(System.Net.HttpStatusCode.OK);
        foreach (var connection in crowd)
            connection.Dispose();

        Assert.InRange(refused, 51, 55);
        await UntilServedAsync(address);
        ExpectNoError(service);
    }

    /// <summary>Each connection uses a file descriptor, and the database needs some too.</summary>
    [OpenFilesFact(Least)]
    public async Task A_process_that_may_open_few_files_keeps_some_for_its_database()
    {
        await using var service = await StartAsync(settings: null, openFiles: 1_024);
        var address = service.AddressOf("http");
        using var regular = Loopback.NewClient(address);
        await regular.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        var crowd = await Connection.OpenManyAsync(address, 1_500);

        var refused = (await Task.WhenAll(crowd.Select(IsClosedAsync))).Count(closed => closed);
        for (var call = 0; call < 20; call++)
            await LoginAsync(service, regular);
        foreach (var connection in crowd)
            connection.Dispose();

        Assert.True(refused >= 1_500 - 256, $"{refused} were refused");
        await UntilServedAsync(address);
        ExpectNoError(service);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Opens all connections, sends one request on each, and closes them.</summary>
    /// <returns>The memory of the service while all connections are silent, and after all were answered.</returns>
    private static async Task<(long Silent, long Answered)> ComeAndGoAsync(ServiceProcess service, Bystanders bystanders, int files)
    {
        var crowd = await Connection.OpenManyAsync(service.AddressOf("http"), Crowd);
        try
        {
            await UntilOpenAsync(service, open => open >= files + (Crowd * 0.99), "all are connected");
            await bystanders.WaitForMoreAsync();
            var silent = service.Memory;
            foreach (var some in crowd.Chunk(200))
                await Task.WhenAll(some.Select(RequestAsync));
            await bystanders.WaitForMoreAsync();
            return (silent, service.Memory);
        }
        finally
        {
            foreach (var connection in crowd)
                connection.Dispose();
            await UntilOpenAsync(service, open => open < files + 100, "all have left");
        }
    }

    private static async Task RequestAsync(Connection connection)
    {
        await connection.SendAsync(Question);
        Assert.StartsWith("HTTP/1.1 200 ", await connection.ReadAsync(Patience), StringComparison.Ordinal);
    }

    /// <summary>Returns whether the server closes the connection without a response. A connection that it keeps gets one.</summary>
    private static async Task<bool> IsClosedAsync(Connection connection)
    {
        try
        {
            await connection.SendAsync(Question);
            return await connection.ReadAsync(Patience) is "";
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    }

    private static Task UntilServedAsync(Uri address) => UntilAsync(() => IsServedAsync(address), "newcomers are served");

    private static async Task<bool> IsServedAsync(Uri address)
    {
        using var newcomer = Loopback.NewClient(address);
        try
        {
            using var answer = await newcomer.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Task UntilOpenAsync(ServiceProcess service, Func<int, bool> count, string what) =>
        UntilAsync(() => Task.FromResult(count(OpenFiles.CountOf(service.Id))), what);

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Assert.False(late.IsCancellationRequested, $"Not yet: {what}");
            await Task.Delay(50);
        }
    }

    /// <summary>Signs in. If the service cannot be reached, the failure shows what it wrote last.</summary>
    private static async Task LoginAsync(ServiceProcess service, HttpClient http)
    {
        try
        {
            await http.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        }
        catch (HttpRequestException error)
        {
            Assert.Fail($"{error.Message}\n{string.Join('\n', service.Output.TakeLast(20))}");
        }
    }

    private static void ExpectNoError(ServiceProcess service) =>
        Assert.DoesNotContain(service.Output, line => line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal));

    private async Task<ServiceProcess> StartAsync(Settings? settings, int? openFiles = null)
    {
        using var certificate = SelfSignedCertificate.New();
        var start = _folder.StartInfo(CrowdedService.SettingsIn(_folder, certificate).With(settings));
        if (openFiles is { } most)
        {
            string[] asBefore = [.. start.ArgumentList];
            start.ArgumentList.Clear();
            foreach (var argument in (string[])["-c", $"ulimit -n {most}; exec \"$0\" \"$@\"", start.FileName, .. asBefore])
                start.ArgumentList.Add(argument);
            start.FileName = "sh";
        }

        var service = new ServiceProcess(start);
        await service.WaitUntilReadyAsync();
        return service;
    }
}
