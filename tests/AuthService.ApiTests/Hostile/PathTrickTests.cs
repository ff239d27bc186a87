using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>No spelling of a path reaches an endpoint that the caller may not use (SECURITY 22). HiddenDocumentsTests cover Swagger when it is off.</summary>
public sealed class PathTrickTests(PathTrickTests.Instance instance) : IClassFixture<PathTrickTests.Instance>
{
    private static readonly string[] Guarded = ["admin", "sessions", "oauth"];

    private readonly AuthHost _host = instance.Host;

    [Fact]
    public async Task No_spelling_of_a_path_lets_in_who_may_not_go_in()
    {
        (string? Bearer, int Refusal)[] callers = [((await _host.SignedInPersonAsync()).AccessToken, 403), (null, 401)];
        var tried = from operation in await _host.ListOperationsAsync()
                    where operation.NeedsToken && Guarded.Contains(operation.Surface, StringComparer.Ordinal)
                    from path in PathTricks.Of(operation.SomePath)
                    from method in new[] { operation.Method, HttpMethod.Head, HttpMethod.Options }.Distinct()
                    from caller in callers
                    select (Method: method, Path: path, caller.Bearer, caller.Refusal);
        var (requests, leading, open) = (0, 0, new List<string>());

        foreach (var (method, path, bearer, refusal) in tried)
        {
            requests++;
            var (status, isMatched, isCalled) = await TryAsync(method, path, bearer);
            leading += isMatched ? 1 : 0;
            if (isCalled || !(isMatched ? status == refusal : status is 400 or 404 or 405))
                open.Add($"{method} {path} {(bearer is null ? "without" : "with")} a user's token: {status}{(isMatched ? ", led to an endpoint" : "")}");
        }

        ProofTable.Add("Hostile", "Path tricks", string.Create(
            CultureInfo.InvariantCulture, $"{requests:N0} requests, {leading:N0} of them to endpoints, {open.Count} violations"));
        Assert.True(open.Count is 0, string.Join('\n', open.Take(40)));
        Assert.True(leading > 1_000, $"Only {leading} of {requests} led to an endpoint");
    }

    /// <summary>Shows that the spellings of the other test are correct: the router finds the endpoint by some of them.</summary>
    [Theory]
    [InlineData("/ADMIN/PRINCIPALS")]
    [InlineData("/admin/principals/")]
    [InlineData("/%61dmin/principals")]
    [InlineData("/health/../admin/principals")]
    [InlineData("/admin/%2e/principals")]
    public async Task Who_may_go_in_gets_there_by_some_of_them(string path)
    {
        Assert.Contains(path, PathTricks.Of("/admin/principals"), StringComparer.Ordinal);

        Assert.Equal((200, true, true), await TryAsync(HttpMethod.Get, path, await _host.AdminTokenAsync()));
    }

    /// <summary>Returns the status, whether the router matched the path and the method, and whether the endpoint was called.</summary>
    private async Task<(int Status, bool IsMatched, bool IsCalled)> TryAsync(HttpMethod method, string path, string? bearer)
    {
        var lines = new ConcurrentQueue<string>();
        _host.Log.OnLine = lines.Enqueue;
        var status = await StatusAsync(method, path, bearer);
        return (status, lines.Any(line => Names(line, "Request matched endpoint '")), lines.Any(line => Names(line, "Executing endpoint '")));

        static bool Names(string line, string words) =>
            line.Contains(words, StringComparison.Ordinal) && !line.Contains($"{words}405 HTTP Method Not Supported", StringComparison.Ordinal);
    }

    private async Task<int> StatusAsync(HttpMethod method, string path, string? bearer)
    {
        using var request = new HttpRequestMessage(method, PathTricks.AddressOf(_host.Address, path));
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        using var response = await _host.Http.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>An instance that logs which endpoint the router matched and which one the framework called.</summary>
    public sealed class Instance : IAsyncLifetime
    {
        private AuthHost? _host;

        public AuthHost Host => _host!;

        public async Task InitializeAsync() =>
            _host = await AuthHost.StartAsync(Store.Sqlite, new() { ["Logging:LogLevel:Microsoft.AspNetCore.Routing"] = "Debug" });

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}
