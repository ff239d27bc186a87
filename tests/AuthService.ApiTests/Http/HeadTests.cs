using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http;

/// <summary>Every route that accepts GET answers HEAD in the same way, but without a body (RFC 9110, 9.3.2).</summary>
[Collection("sqlite")]
public sealed class HeadTests(SqliteStore store)
{
    private static readonly string[] Undocumented = ["/health/live", "/health/ready", "/login", "/account", "/portal", "/nowhere"];

    [Fact]
    public async Task Every_route_answers_HEAD_with_the_status_and_type_of_its_GET()
    {
        var admin = await store.Host.AdminTokenAsync();
        var operations = await store.Host.ListOperationsAsync();
        var paths = operations.Where(operation => operation.Method == HttpMethod.Get).Select(operation => operation.SomePath).Concat(Undocumented).ToList();

        Assert.True(paths.Count > 25, $"Only {paths.Count} routes");
        foreach (var bearer in new[] { admin, null })
        {
            foreach (var path in paths)
            {
                using var get = await store.Host.SendAsync(HttpMethod.Get, path, bearer);
                using var head = await store.Host.SendAsync(HttpMethod.Head, path, bearer);
                Assert.Equal(
                    (path, get.StatusCode, get.Content.Headers.ContentType?.MediaType),
                    (path, head.StatusCode, head.Content.Headers.ContentType?.MediaType));
                Assert.Empty(await head.Content.ReadAsByteArrayAsync());
            }
        }
    }
}
