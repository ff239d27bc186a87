using System.Diagnostics;
using System.Globalization;
using System.Net;
using AuthService.ApiTests.Hostile.Crowds;
using AuthService.ApiTests.Hostile.Fuzzing;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>Requests with a head of a megabyte or ten thousand lines, from many connections at once, are refused and use little memory.</summary>
public sealed class HeaderFloodTests(CrowdedService service) : IClassFixture<CrowdedService>
{
    private const int Megabyte = 1024 * 1024;
    private const long MostGrowth = 64L << 20;

    private static readonly int Connections = Effort.Of(usual: 20, @long: 50);
    private static readonly int Rounds = Effort.Of(usual: 2, @long: 20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, (int Status, string Wire)> Floods = new(StringComparer.Ordinal)
    {
        ["a header of 1 MB"] = (431, Get("/login", $"X: {new string('x', Megabyte)}\r\n")),
        ["a name of 1 MB"] = (431, Get("/login", $"{new string('x', Megabyte)}: x\r\n")),
        ["10,000 headers"] = (431, Get("/login", Lines(10_000, number => $"X-{number}: x"))),
        ["10,000 empty headers of one name"] = (431, Get("/login", Lines(10_000, _ => "X:"))),
        ["1,000 cookies"] = (431, Get("/login", $"Cookie: {string.Join("; ", Enumerable.Range(0, 1_000).Select(Cookie))}\r\n")),
        ["1,000 lines of cookies"] = (431, Get("/login", Lines(1_000, number => $"Cookie: {Cookie(number)}"))),
        ["a credential of 1 MB"] = (431, Get("/account/sessions", $"Authorization: Bearer {new string('x', Megabyte)}\r\n")),
        ["a path of 1 MB"] = (414, Get($"/{new string('x', Megabyte)}", "")),
        ["a query of 1 MB"] = (414, Get($"/login?service={new string('x', Megabyte)}", "")),
        ["10,000 parts of a path"] = (414, Get(string.Concat(Enumerable.Repeat("/xx", 10_000)), "")),
        ["a method of 1 MB"] = (414, $"{new string('X', Megabyte)} / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ["1 MB and no line"] = (414, new string('x', Megabyte)),
        ["trailers of 1 MB"] = (431, Chunked($"0\r\nX: {new string('x', Megabyte)}\r\n\r\n")),
        ["10,000 trailers"] = (431, Chunked($"0\r\n{Lines(10_000, number => $"X-{number}: x")}\r\n")),
        ["an extension of a chunk of 1 MB"] = (413, Chunked($"1;{new string('x', Megabyte)}\r\n{{\r\n0\r\n\r\n")),
    };

    public static TheoryData<string> Kinds { get; } = [.. Floods.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_is_refused_and_the_connection_closed(string kind)
    {
        var (status, wire) = Floods[kind];

        var waited = Stopwatch.StartNew();

        var said = await RawAnswer.EverythingAsync(service.Address, wire, Patience);

        Assert.StartsWith($"HTTP/1.1 {status} ", said, StringComparison.Ordinal);
        Assert.True(waited.Elapsed < Patience, "The connection was not closed");
    }

    [Fact]
    public async Task Many_at_once_take_no_memory_and_others_are_served()
    {
        await using var bystanders = Bystanders.Start(service.Address);
        await FloodAsync();
        await bystanders.WaitForMoreAsync();
        var before = service.Process.Memory;

        for (var round = 0; round < Rounds; round++)
            await FloodAsync();
        await bystanders.WaitForMoreAsync();
        await bystanders.StopAsync();
        var growth = service.Process.Memory - before;

        ProofTable.Add("Hostile", "Header floods", string.Create(
            CultureInfo.InvariantCulture,
            $"{Connections * Floods.Count * (Rounds + 1):N0} requests of {Floods.Count} kinds, {Connections * Floods.Count:N0} at once, all refused; "
            + $"memory {before >> 20} MiB {growth >> 20:+0;-0;0} MiB; {bystanders}"));
        Assert.True(growth < MostGrowth, $"The process has grown by {growth >> 20} MiB");
        service.ExpectNoError();
    }

    /// <summary>The limits are above the sizes that real browsers and services send.</summary>
    [Fact]
    public async Task What_is_within_the_limits_is_read()
    {
        var session = await service.Process.Http.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        var cookies = string.Join("; ", Enumerable.Range(0, 900).Select(number => $"c{number}={new string('x', 20)}"));
        var wire = $"POST /auth/refresh HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\nAuthorization: Bearer {session.RefreshToken}\r\n"
            + $"Cookie: {cookies}\r\n{Lines(90, number => $"X-{number}: x")}\r\n";

        var said = await RawAnswer.EverythingAsync(service.Address, wire, Patience);
        using var probe = await service.Process.Http.GetAsync($"/health/live?x={new string('x', 8_000)}");

        Assert.StartsWith("HTTP/1.1 200 ", said, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    private static string Get(string target, string headers) => $"GET {target} HTTP/1.1\r\nHost: x\r\n{headers}\r\n";

    private static string Chunked(string body) =>
        $"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{body}";

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(number => $"{line(number)}\r\n"));

    private static string Cookie(int number) => $"cookie{number}={new string('x', 40)}";

    private async Task FloodAsync() => await Task.WhenAll(
        from flood in Floods.Values
        from _ in Enumerable.Range(0, Connections)
        select ExpectRefusalAsync(flood.Wire));

    /// <summary>Fails unless the request is refused. The refusal may come so early that the response is lost while the rest of the request is sent.</summary>
    private async Task ExpectRefusalAsync(string wire)
    {
        var said = await RawAnswer.EverythingAsync(service.Address, wire, Patience);
        Assert.True(said is "" || said.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), said);
    }
}
