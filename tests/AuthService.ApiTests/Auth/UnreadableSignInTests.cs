using System.Net;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>A body that is not a sign-in is refused before the store is reached, so one store is enough.</summary>
[Collection("sqlite")]
public sealed class UnreadableSignInTests(SqliteStore store)
{
    private readonly AuthHost _host = store.Host;

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

    [Theory]
    [MemberData(nameof(BadJson))]
    public async Task Json_that_is_no_sign_in_is_400(string body) => await _host.LoginWithAsync(Json(body)).RefusedAsync(HttpStatusCode.BadRequest);

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
    [InlineData("application/json", "{\"username\": \"\u00ff\", \"password\": \"b\", \"service\": \"app\"}")]
    [InlineData("application/json", "{\"username\": \"\u00ed\u00a0\u0080\", \"password\": \"b\", \"service\": \"app\"}")]
    [InlineData("application/json; charset=utf-16", "{\"username\": \"\u00c0\u0080\", \"password\": \"b\", \"service\": \"app\"}")]
    public async Task Json_that_is_no_utf8_is_400(string contentType, string bytes) =>
        await LoginAsync(Encoding.Latin1.GetBytes(bytes), contentType).RefusedAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task No_body_at_all_is_400() =>
        await _host.SendAsync(HttpMethod.Post, "/auth/login", headers: [AcceptJson]).RefusedAsync(HttpStatusCode.BadRequest);

    private Task<HttpResponseMessage> LoginAsync(byte[] body, string contentType) => _host.LoginWithAsync(Raw(body, contentType));
}
