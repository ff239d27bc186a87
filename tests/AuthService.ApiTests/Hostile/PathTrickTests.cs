using System.Globalization;
using System.Net.Http.Headers;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>No spelling of a path reaches an endpoint that is closed (SECURITY 22). Where Swagger is off is tested in HiddenDocumentsTests.</summary>
public sealed class PathTrickTests(SqliteStore store) : IClassFixture<SqliteStore>
{
    private static readonly string[] Guarded = ["admin", "sessions", "oauth"];

    private readonly AuthHost _host = store.Host;

    [Fact]
    public async Task No_spelling_of_a_path_lets_in_who_may_not_go_in()
    {
        string?[] bearers = [(await _host.SignedInPersonAsync()).AccessToken, null];
        var tried = from operation in await _host.ListOperationsAsync()
                    where Guarded.Contains(operation.Surface, StringComparer.Ordinal)
                    from path in PathTricks.Of(operation.SomePath)
                    from method in new[] { operation.Method, HttpMethod.Head, HttpMethod.Options }.Distinct()
                    from bearer in bearers
                    select (Method: method, Path: path, Bearer: bearer);
        var (requests, open) = (0, new List<string>());

        foreach (var (method, path, bearer) in tried)
        {
            requests++;
            if (await StatusAsync(method, path, bearer) is var status and not (400 or 401 or 403 or 404 or 405))
                open.Add($"{method} {path} {(bearer is null ? "without" : "with")} a user's token: {status}");
        }

        ProofTable.Add("Hostile", "Path tricks", string.Create(CultureInfo.InvariantCulture, $"{requests:N0} requests, {open.Count} violations"));
        Assert.Empty(open);
    }

    /// <summary>What is sent above is right: those that the router takes for the path lead there.</summary>
    [Theory]
    [InlineData("/ADMIN/PRINCIPALS")]
    [InlineData("/admin/principals/")]
    [InlineData("/%61dmin/principals")]
    [InlineData("/health/../admin/principals")]
    [InlineData("/admin/%2e/principals")]
    public async Task Who_may_go_in_gets_there_by_some_of_them(string path)
    {
        Assert.Contains(path, PathTricks.Of("/admin/principals"), StringComparer.Ordinal);

        Assert.Equal(200, await StatusAsync(HttpMethod.Get, path, await _host.AdminTokenAsync()));
    }

    private async Task<int> StatusAsync(HttpMethod method, string path, string? bearer)
    {
        using var request = new HttpRequestMessage(method, PathTricks.AddressOf(_host.Address, path));
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        using var response = await _host.Http.SendAsync(request);
        return (int)response.StatusCode;
    }
}
