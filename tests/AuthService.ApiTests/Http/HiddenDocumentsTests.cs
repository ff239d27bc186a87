using System.Net;
using AuthService.ApiTests.Hostile;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http;

/// <summary>When Swagger is off, no request reaches any part of it (SECURITY 22).</summary>
[Collection("sqlite 2")]
public sealed class HiddenDocumentsTests(SqliteStore store)
{
    private static readonly string[] Paths =
    [
        "/swagger", "/swagger/", "/swagger/index.html", "/swagger/index.js", "/swagger/swagger-ui.css", "/swagger/swagger-ui-bundle.js",
        "/swagger/sign-in.js", "/swagger/question.js", "/swagger/passkeys.js", "/swagger/sign-in.css", "/swagger/sign-in.json",
        "/swagger/auth/swagger.json", "/swagger/admin/swagger.json", "/swagger/auth/swagger.yaml",
    ];

    [Fact]
    public async Task It_is_off_when_the_setting_says_so()
    {
        await using var host = await store.Host.StartAnotherAsync(new() { ["Swagger:Enabled"] = "false" });

        await ExpectNothingAsync(host);
    }

    [Fact]
    public async Task It_is_off_outside_Development()
    {
        await using var host = await store.Host.StartAnotherAsync(new() { ["environment"] = "Production" });

        await ExpectNothingAsync(host);
    }

    /// <summary>Shows that the requests of the other test are correct: with Swagger on they find something.</summary>
    [Fact]
    public async Task It_is_on_outside_Development_when_the_setting_says_so()
    {
        await using var host = await store.Host.StartAnotherAsync(new() { ["environment"] = "Production", ["Swagger:Enabled"] = "true" });

        foreach (var path in Paths)
            Assert.InRange((int)(await StatusOfAsync(host, HttpMethod.Get, path)), 200, 302);
    }

    private static async Task ExpectNothingAsync(AuthHost host)
    {
        foreach (var path in Paths.SelectMany(PathTricks.Of))
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                // Kestrel itself refuses NUL.
                var expected = path.Contains("%00", StringComparison.Ordinal) ? HttpStatusCode.BadRequest : HttpStatusCode.NotFound;
                Assert.Equal($"{expected} {path}", $"{await StatusOfAsync(host, method, path)} {path}");
            }
        }
    }

    private static async Task<HttpStatusCode> StatusOfAsync(AuthHost host, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, PathTricks.AddressOf(host.Address, path));
        using var response = await host.Http.SendAsync(request);
        return response.StatusCode;
    }
}
