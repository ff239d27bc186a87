using System.Net;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>Every unusual sign-in is refused with a readable error.</summary>
public abstract class BadInputTests(AuthHost host)
{
    /// <summary>Unusual but possible credentials, which are checked like any others.</summary>
    public static TheoryData<string, string> OddCredentials { get; } = new()
    {
        { "a", "\r\n\u001b" },
        { "\uFDFA\uFDFA\uFDFA", "b" },
        { new string('\uFDFA', 250), "b" },
        { "\U0001F600\u202E\u200D", "\U0001F600" },
        { "' OR 1=1 --", "' OR 1=1 --" },
        { "\uFFFD", "\uFFFD" },
        { "İıſẞßς", "b" },
        { "e\u0301\u0301\u0301", "e\u0301" },
        { "b", " " },
        { "{0}%s%n", "{0}" },
    };

    [Theory]
    [MemberData(nameof(OddCredentials))]
    public async Task Odd_credentials_are_wrong_credentials(string username, string password)
    {
        (string, string?)[] fields = [("username", username), ("password", password), ("service", "app")];

        await host.LoginWithAsync(Write(Writing.Json, fields)).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.LoginWithAsync(Write(Writing.Form, fields)).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u200B\u3000")]
    public async Task A_name_of_which_trimming_leaves_nothing_is_missing(string username)
    {
        (string, string?)[] fields = [("username", username), ("password", "b"), ("service", "app")];

        foreach (var writing in new[] { Writing.Json, Writing.Form })
        {
            using var response = await host.LoginWithAsync(Write(writing, fields));
            Assert.Equal("username is missing", (await response.ExpectAsync(HttpStatusCode.BadRequest)).Text("why"));
        }
    }

    [Theory]
    [InlineData("username=%ED%A0%80&password=b&service=app")]
    [InlineData("username=%FF%FE&password=b&service=app")]
    [InlineData("username=%&password=%zz&service=app")]
    [InlineData("username=a&password=%ED%A0%80&service=app")]
    public async Task A_form_with_broken_escapes_is_refused(string body)
    {
        using var response = await LoginAsync(Encoding.UTF8.GetBytes(body), "application/x-www-form-urlencoded");

        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized });
        await response.RefusedAsync(response.StatusCode);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=no-such-charset")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("application/json; charset=no-such-charset")]
    public async Task An_odd_charset_is_refused_and_never_a_fault(string contentType)
    {
        using var response = await LoginAsync("username=nobody&password=b&service=app"u8.ToArray(), contentType);

        Assert.InRange((int)response.StatusCode, 400, 415);
        await response.RefusedAsync(response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/json")]
    [InlineData("application/xml")]
    [InlineData("application/octet-stream")]
    [InlineData("multipart/mixed; boundary=b")]
    [InlineData("nonsense")]
    public async Task A_wrong_content_type_is_415(string contentType)
    {
        var person = await host.CreatePersonAsync();
        var body = $$"""{"username": "{{person.Id}}", "password": "{{person.Password}}", "service": "app"}""";

        await LoginAsync(Encoding.UTF8.GetBytes(body), contentType).RefusedAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Sixteen_levels_are_read_and_seventeen_are_not()
    {
        var nobody = NewName("nobody");

        await host.LoginWithAsync(Json(Nested(nobody, 15))).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.LoginWithAsync(Json(Nested(nobody, 16))).RefusedAsync(HttpStatusCode.BadRequest);
        await host.LoginWithAsync(Json(Nested(nobody, 10_000))).RefusedAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Unknown_members_are_passed_over()
    {
        var person = await host.CreatePersonAsync();
        var body = $$"""{"username": "{{person.Id}}", "x": [{"y": null}], "password": "{{person.Password}}", "service": "app", "publicComputer": null}""";

        await host.LoginWithAsync(Json(body)).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_refusal_repeats_neither_name_nor_password()
    {
        var name = NewName("nobody");
        const string password = "Canary-52-Basalt";

        using var response = await host.TryLoginAsync(name, password);

        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(password, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(host.Log.Lines, line => line.Contains(password, StringComparison.Ordinal));
    }

    /// <summary>Writes a body with this number of nested arrays. The outer object counts as the first level.</summary>
    private static string Nested(string username, int arrays) =>
        $$"""{"username": "{{username}}", "password": "b", "service": "app", "x": {{new string('[', arrays)}}{{new string(']', arrays)}}}""";

    private Task<HttpResponseMessage> LoginAsync(byte[] body, string contentType) => host.LoginWithAsync(Raw(body, contentType));

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : BadInputTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : BadInputTests(store.Host);
}
