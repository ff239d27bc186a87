using System.IO.Compression;
using System.Net;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>The service accepts unusual but valid HTTP requests, and refuses common mistakes.</summary>
public abstract class SpokenHttpTests(AuthHost host)
{
    [Fact]
    public async Task Nothing_between_two_ampersands_is_no_field_given_twice()
    {
        var person = await host.CreatePersonAsync();
        var text = $"username={person.Id}&&password={Uri.EscapeDataString(person.Password)}&&service=app&";
        var form = Raw(Encoding.UTF8.GetBytes(text), "application/x-www-form-urlencoded");

        using var response = await host.LoginWithAsync(form, AcceptJson);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_compressed_body_is_415()
    {
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync("{}"u8.ToArray());
        var body = Raw(packed.ToArray(), "application/json");
        body.Headers.ContentEncoding.Add("gzip");

        await host.LoginWithAsync(body, AcceptJson).RefusedAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("*/*")]
    [InlineData("text/html, */*")]
    [InlineData("text/plain")]
    public async Task A_sign_in_as_JSON_is_answered_with_JSON(string accept)
    {
        var person = await host.CreatePersonAsync();

        using var response = await host.LoginWithAsync(
            Write(Writing.Json, ("username", person.Id), ("password", person.Password), ("service", "web")), ("Accept", accept));

        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_sign_in_that_asks_for_a_page_alone_gets_the_page()
    {
        var person = await host.CreatePersonAsync();

        using var response = await host.LoginWithAsync(
            Write(Writing.Json, ("username", person.Id), ("password", person.Password), ("service", "web")), ("Accept", "text/html"));

        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task The_name_of_the_cookie_counts_by_letter_case()
    {
        var session = await host.LoginAsync(await host.CreatePersonAsync(), "web");
        var headers = SignIns.AsBrowser(session);
        var other = headers.Select(header => (header.Name, header.Value.Replace("refreshToken=", "REFRESHTOKEN=", StringComparison.Ordinal))).ToArray();

        await host.SendAsync(HttpMethod.Post, "/auth/refresh/web", headers: other).RefusedAsync(HttpStatusCode.BadRequest);
        using var response = await host.SendAsync(HttpMethod.Post, "/auth/refresh/web", headers: headers);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SpokenHttpTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SpokenHttpTests(store.Host);
}
