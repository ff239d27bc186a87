using AuthService.Api.Documents;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

/// <summary>An OpenAPI document is generated once, even when many callers request it.</summary>
public sealed class MadeDocumentsTests : IDisposable
{
    private const string Address = "/swagger/auth/swagger.json";

    private readonly MadeDocuments _documents = new([Address]);
    private int _made;

    [Fact]
    public async Task It_is_made_once_by_many_and_everybody_gets_all_of_it()
    {
        var bodies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync(Address)));

        Assert.Equal(1, _made);
        Assert.All(bodies, body => Assert.Equal("document 1", body));
    }

    [Fact]
    public async Task What_is_refused_is_not_kept()
    {
        await GetAsync(Address, StatusCodes.Status404NotFound);

        Assert.Equal("document 2", await GetAsync(Address));
    }

    [Fact]
    public async Task Everything_else_is_passed_on()
    {
        await GetAsync("/swagger/other/swagger.json");
        await GetAsync("/swagger/other/swagger.json");

        Assert.Equal(2, _made);
    }

    public void Dispose() => _documents.Dispose();

    private async Task<string> GetAsync(string path, int status = StatusCodes.Status200OK)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Request = { Method = "GET", Path = path }, Response = { Body = body } };
        await _documents.ServeAsync(context, async made =>
        {
            made.Response.StatusCode = status;
            var number = Interlocked.Increment(ref _made);
            await Task.Delay(20);
            await made.Response.WriteAsync($"document {number}");
        });
        return System.Text.Encoding.UTF8.GetString(body.ToArray());
    }
}
