using System.Globalization;
using AuthService.ApiTests.Hostile.Crowds;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hostile.Crowds.Http2Connection;

namespace AuthService.ApiTests.Hostile;

/// <summary>
/// HTTP/2 frames that cost the sender little must not cost the server much work or memory: CVE-2023-44487, CVE-2024-27983 and CVE-2019-9511 to 9518.
/// </summary>
public sealed class Http2FloodTests(CrowdedService service) : IClassFixture<CrowdedService>
{
    private const long MostGrowth = 64L << 20;

    /// <summary>Kestrel logs this error for a few of the connections that are reset within moments (github.com/dotnet/aspnetcore/issues/51307).</summary>
    private const string NeverCompleted = "application never completed.";

    private static readonly int Connections = Effort.Of(usual: 10, @long: 20);

    /// <summary>The number of batches on each connection.</summary>
    private static readonly int Batches = Effort.Of(usual: 50, @long: 300);

    /// <summary>The longest time to send one batch. A server may stop reading from a caller that reads nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The frames of a batch, by its number. Most batches have about a hundred frames.</summary>
    private static readonly Dictionary<string, Func<int, byte[]>> Floods = new(StringComparer.Ordinal)
    {
        ["requests that are reset"] = batch => Each(batch, stream =>
            [.. Frame(Headers, EndOfStream | EndOfHeaders, stream, Get), .. Frame(Reset, 0, stream, [0, 0, 0, 8])]),
        ["requests that make the server reset"] = batch => Each(batch, stream =>
            [.. Frame(Headers, EndOfHeaders, stream, Post), .. Frame(WindowUpdate, 0, stream, [0, 0, 0, 0])]),
        ["requests"] = batch => Each(batch, stream => Frame(Headers, EndOfStream | EndOfHeaders, stream, Get)),
        ["headers without end"] = batch => batch is 0
            ? Frame(Headers, EndOfStream, 1, Get)
            : Frame(Continuation, 0, 1, Repeat([0, 1, (byte)'a', 1, (byte)'b'], 3_000)),
        ["empty continuations"] = batch => batch is 0 ? Frame(Headers, EndOfStream, 1, Get) : Repeat(Frame(Continuation, 0, 1, []), 100),
        ["pings"] = _ => Repeat(Frame(Ping, 0, 0, new byte[8]), 1_000),
        ["settings"] = _ => Repeat(Frame(SettingsFrame, 0, 0, []), 1_000),
        ["empty data"] = batch => batch is 0 ? Frame(Headers, EndOfHeaders, 1, Post) : Repeat(Frame(Data, 0, 1, []), 1_000),
        ["priorities"] = batch => Each(batch, stream => Frame(Priority, 0, stream, [0, 0, 0, 0, 16])),
    };

    [Fact]
    public async Task They_take_no_memory_and_others_are_served()
    {
        await using var bystanders = Bystanders.Start(service.Address);
        await bystanders.WaitForMoreAsync();
        var before = service.Process.Memory;
        var taken = new List<string>();

        foreach (var (kind, flood) in Floods)
        {
            var batches = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => FloodAsync(flood))));
            await bystanders.WaitForMoreAsync();
            taken.Add(string.Create(CultureInfo.InvariantCulture, $"{kind} {100.0 * batches.Sum() / (Connections * Batches):0} %"));
            var growth = service.Process.Memory - before;
            Assert.True(growth < MostGrowth, $"The process has grown by {growth >> 20} MiB when the {kind} were sent");
        }

        await bystanders.StopAsync();
        ProofTable.Add("Hostile", "HTTP/2 floods", string.Create(
            CultureInfo.InvariantCulture,
            $"{Connections} connections of {Batches:N0} batches, taken: {string.Join(", ", taken)}; memory {before >> 20} MiB "
            + $"{(service.Process.Memory - before) >> 20:+0;-0;0} MiB, {service.Errors.Count} connections lost by Kestrel; {bystanders}"));
        service.ExpectNoError(butFor: NeverCompleted);
    }

    /// <returns>The number of batches that the server read.</returns>
    private async Task<int> FloodAsync(Func<int, byte[]> flood)
    {
        using var connection = await OpenAsync(service.TlsAddress, (_, shown, _, _) => service.Trusts(shown));
        for (var batch = 0; batch < Batches; batch++)
        {
            if (!await connection.TrySendAsync(flood(batch), Patience))
                return batch;
        }

        return Batches;
    }

    /// <summary>Returns the frames of a hundred streams. Stream numbers are odd and increase.</summary>
    private static byte[] Each(int batch, Func<int, byte[]> frames) =>
        [.. Enumerable.Range(batch * 100, 100).SelectMany(number => frames((2 * number) + 1))];

    private static byte[] Repeat(byte[] frame, int count) => [.. Enumerable.Repeat(frame, count).SelectMany(bytes => bytes)];
}
