using System.Globalization;
using AuthService.ApiTests.Hostile.Crowds;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>Callers that send or read one byte a second ("slow loris") are disconnected, and other callers are served meanwhile.</summary>
public sealed class SlowCallersTests(CrowdedService service) : IClassFixture<CrowdedService>
{
    private const string Opening = "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

    private const string Page = "GET /login HTTP/1.1\r\nHost: x\r\n\r\n";

    /// <summary>The number of callers of each kind.</summary>
    private static readonly int Crowd = Effort.Of(usual: 200, @long: 2_000);

    /// <summary>
    /// The longest wait on a busy machine. The limits are fifteen seconds for headers, five for a body, and about half a minute for a caller that reads
    /// nothing.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly long MostGrowth = (Effort.IsLong ? 512L : 128L) << 20;

    private int _untold;

    [Fact]
    public async Task Each_is_cut_off_and_others_are_served()
    {
        await using var bystanders = Bystanders.Start(service.Address);
        await bystanders.WaitForMoreAsync();
        var before = service.Process.Memory;

        var everybody = Task.WhenAll(EachAsync(SendHeadersSlowlyAsync), EachAsync(SendBodySlowlyAsync), EachAsync(ReadSlowlyAsync));
        while (!everybody.IsCompleted)
            await bystanders.WaitForMoreAsync();
        var lasted = await everybody;
        await bystanders.WaitForMoreAsync();
        await bystanders.StopAsync();
        var growth = service.Process.Memory - before;

        ProofTable.Add("Hostile", "Slow callers", string.Create(
            CultureInfo.InvariantCulture,
            $"{3 * Crowd:N0} at a byte a second, {_untold} closed without an answer, cut off after {Longest(lasted[0])} (headers), "
            + $"{Longest(lasted[1])} (body), {Longest(lasted[2])} (answer); memory {growth >> 20:+0;-0;0} MiB; {bystanders}"));
        Assert.True(_untold <= Crowd / 2, $"{_untold} of {Crowd} were not told why");
        Assert.True(growth < MostGrowth, $"The process has grown by {growth >> 20} MiB");
        service.ExpectNoError();
    }

    /// <summary>A caller may send requests without reading the responses. The service then stops answering it and stops reading its requests.</summary>
    [Fact]
    public async Task What_is_asked_and_not_read_takes_little_memory()
    {
        const int Asked = 2 * 1024 * 1024;
        var crowd = await Task.WhenAll(
            Enumerable.Range(0, Effort.Of(usual: 100, @long: 500)).Select(number => Connection.OpenAsync(service.Address, number, isSlowReader: true)));
        var before = service.Process.Memory;

        var asking = crowd.Select(connection => connection.SendWithoutReadingAsync(Page, Asked)).ToList();
        await UntilNothingIsSentAsync(crowd);
        var each = (service.Process.Memory - before) / crowd.Length;
        var sent = crowd.Sum(connection => connection.Sent) / crowd.Length;
        foreach (var connection in crowd)
            connection.Dispose();
        await Task.WhenAll(asking);

        ProofTable.Add("Hostile", "Pages asked for and not read", string.Create(
            CultureInfo.InvariantCulture, $"{crowd.Length} callers, {each / 1024:N0} KiB for each; {sent / 1024:N0} KiB of questions were taken from each"));
        Assert.True(each < 512 * 1024, $"{each} bytes for each connection");
    }

    private static async Task UntilNothingIsSentAsync(Connection[] crowd)
    {
        var (sent, quiet) = (0L, 0);
        while (quiet < 4)
        {
            await Task.Delay(500);
            var now = crowd.Sum(connection => connection.Sent);
            quiet = now == sent ? quiet + 1 : 0;
            sent = now;
        }
    }

    private async Task<TimeSpan> SendHeadersSlowlyAsync(Connection connection)
    {
        await connection.SendAsync($"{Opening}X: ");

        var said = await connection.TrickleAsync(Patience);

        Assert.StartsWith("HTTP/1.1 408 ", said, StringComparison.Ordinal);
        return connection.Age;
    }

    /// <summary>Sends a body slowly. The response with the reason may be lost as the connection closes, more often on a busy machine.</summary>
    private async Task<TimeSpan> SendBodySlowlyAsync(Connection connection)
    {
        await connection.SendAsync($"{Opening}Content-Length: 1000\r\n\r\n{{\"username\":\"");

        var said = await connection.TrickleAsync(Patience);

        if (said.Length is 0)
            Interlocked.Increment(ref _untold);
        else
            Assert.True(said.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal) && said.Contains("{\"why\":", StringComparison.Ordinal), said);
        return connection.Age;
    }

    /// <summary>Requests more pages than the network and the service buffer for a caller that does not read them.</summary>
    private async Task<TimeSpan> ReadSlowlyAsync(Connection connection)
    {
        await connection.SendAsync(string.Concat(Enumerable.Repeat(Page, 200)));

        await connection.SipAsync(Patience);

        return connection.Age;
    }

    private async Task<TimeSpan[]> EachAsync(Func<Connection, Task<TimeSpan>> last) =>
        await Task.WhenAll(Enumerable.Range(0, Crowd).Select(async number =>
        {
            using var connection = await Connection.OpenAsync(service.Address, number, isSlowReader: last == ReadSlowlyAsync);
            return await last(connection);
        }));

    private static string Longest(TimeSpan[] lasted) => string.Create(CultureInfo.InvariantCulture, $"{lasted.Max().TotalSeconds:0} s");
}
