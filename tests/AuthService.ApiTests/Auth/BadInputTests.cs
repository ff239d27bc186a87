using System.Net;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>Whatever is sent to sign in with, the answer is a refusal in words.</summary>
public abstract class BadInputTests(AuthHost host)
{
    public static TheoryData<string> BadJson { get; } =
    [
        "",
        " ",
        "null",
        "true",
        "7",
        "[]",
        "\"username\"",
        "{",
        "{\"username\"",
        "{'username': 'a', 'password': 'b', 'service': 'app'}",
        """{"username": "a", "password": "b", "service": "app",}""",
        """{"username": "a", "password": "b", "service": "app"} {}""",
        """{"username": "a", "password": "b", /* no */ "service": "app"}""",
        """{"username": "a", "username": "a", "password": "b", "service": "app"}""",
        """{"username": "a", "usern\u0061me": "a", "password": "b", "service": "app"}""",
        """{"username": "a", "password": "b", "service": "app", "other": 1, "other": 1}""",
        """{"username": "a", "password": "b", "service": "app", "x": [{"y": 1, "y": 2}]}""",
        """{"username": 1, "password": "b", "service": "app"}""",
        """{"username": ["a"], "password": "b", "service": "app"}""",
        """{"username": {"a": 1}, "password": "b", "service": "app"}""",
        """{"username": "a", "password": true, "service": "app"}""",
        """{"username": "a", "password": "b", "service": 1}""",
        """{"username": "a", "password": "b", "service": "app", "publicComputer": "true"}""",
        """{"username": "a", "password": "b", "service": "app", "publicComputer": 1}""",
        """{"username": "\ud800", "password": "b", "service": "app"}""",
        """{"username": "\udc00\ud800", "password": "b", "service": "app"}""",
        """{"username": "a", "password": "\ud800", "service": "app"}""",
        """{"username": "a", "password": "b", "service": "\ud800"}""",
        """{"username": "a", "password": "b", "service": "app", "\ud800": 1}""",
        """{"username": "a\u0000b", "password": "b", "service": "app"}""",
        """{"username": "a\r\nb", "password": "b", "service": "app"}""",
        """{"username": "a\u001b[31mb", "password": "b", "service": "app"}""",
        """{"username": "a\u0085b", "password": "b", "service": "app"}""",
        """{"username": "a", "password": "b", "service": "a\u0000pp"}""",
        """{"username": "a\uffff", "password": "b", "service": "app"}""",
        """{"username": "a", "password": "\ufdd0", "service": "app"}""",
    ];

    public static TheoryData<string> BadForms { get; } =
    [
        "",
        "=",
        "&&&",
        "username",
        "username=a&username=b&password=c&service=app",
        "username=a&password=b&service=app&service=web",
        "username=a%00b&password=b&service=app",
        "username=a%0D%0Ab&password=b&service=app",
        "username=a%1B&password=b&service=app",
        "username=a&password=b&service=%00",
        "username=a&password=b%00&service=app",
    ];

    /// <summary>Odd, but possible: judged like any other.</summary>
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
        { " ", " " },
        { "{0}%s%n", "{0}" },
    };

    [Theory]
    [MemberData(nameof(BadJson))]
    public async Task Json_that_is_no_sign_in_is_400(string body) => await host.LoginWithAsync(Json(body)).RefusedAsync(HttpStatusCode.BadRequest);

    [Theory]
    [MemberData(nameof(BadForms))]
    public async Task A_form_that_is_no_sign_in_is_400(string body) =>
        await LoginAsync(Encoding.UTF8.GetBytes(body), "application/x-www-form-urlencoded").RefusedAsync(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("multipart/form-data", "username=a")]
    [InlineData("multipart/form-data; boundary=", "--\r\n")]
    [InlineData("multipart/form-data; boundary=b", "")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\na")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nno header\r\n\r\na\r\n--b--\r\n")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\n\r\na\r\n--b--\r\n")]
    public async Task A_broken_multipart_form_is_400(string contentType, string body) =>
        await LoginAsync(Encoding.UTF8.GetBytes(body), contentType).RefusedAsync(HttpStatusCode.BadRequest);

    [Theory]
    [MemberData(nameof(OddCredentials))]
    public async Task Odd_credentials_are_wrong_credentials(string username, string password)
    {
        (string, string?)[] fields = [("username", username), ("password", password), ("service", "app")];

        await host.LoginWithAsync(Write(Writing.Json, fields)).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.LoginWithAsync(Write(Writing.Form, fields)).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("application/json", "{\"username\": \"\u00ff\", \"password\": \"b\", \"service\": \"app\"}")]
    [InlineData("application/json", "{\"username\": \"\u00ed\u00a0\u0080\", \"password\": \"b\", \"service\": \"app\"}")]
    [InlineData("application/json; charset=utf-16", "{\"username\": \"\u00c0\u0080\", \"password\": \"b\", \"service\": \"app\"}")]
    public async Task Json_that_is_no_utf8_is_400(string contentType, string bytes) =>
        await LoginAsync(Encoding.Latin1.GetBytes(bytes), contentType).RefusedAsync(HttpStatusCode.BadRequest);

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
    public async Task No_body_at_all_is_400() =>
        await host.SendAsync(HttpMethod.Post, "/auth/login", headers: [AcceptJson]).RefusedAsync(HttpStatusCode.BadRequest);

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

    /// <summary>The object itself is the first level.</summary>
    private static string Nested(string username, int arrays) =>
        $$"""{"username": "{{username}}", "password": "b", "service": "app", "x": {{new string('[', arrays)}}{{new string(']', arrays)}}}""";

    private Task<HttpResponseMessage> LoginAsync(byte[] body, string contentType) => host.LoginWithAsync(Raw(body, contentType));

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : BadInputTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : BadInputTests(store.Host);
}
