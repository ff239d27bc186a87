using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Admin;

/// <summary>POST /admin/principals refuses every invalid body. Such a body never reaches the store, so one store is enough.</summary>
[Collection("sqlite")]
public sealed class RefusedPrincipalTests(SqliteStore store)
{
    private readonly AuthHost _host = store.Host;

    [Theory]
    [InlineData("PERSON", "_x")]
    [InlineData("PERSON", "#P_x")]
    [InlineData("PERSON", "#p_x")]
    [InlineData("SERVICE", "x")]
    [InlineData("SERVICE", "#P_x")]
    [InlineData("PROVIDER", "x")]
    [InlineData("PROVIDER", "_x")]
    [InlineData("PROVIDER", "#Px")]
    [InlineData("PERSON", "\uFF3Fx")] // a full-width underscore: the same id as _x
    [InlineData("PERSON", "\uFF03P_x")]
    public async Task The_beginning_of_the_id_says_the_type(string type, string id) =>
        await RefusedAsync(new JsonObject { ["id"] = id, ["type"] = type });

    /// <summary>Such an id differs in the store but looks like another id to a reader, or looks like an audit actor that is not a principal.</summary>
    [Theory]
    [InlineData(" ")]
    [InlineData("\u3000")]
    [InlineData(" x")]
    [InlineData("x ")]
    [InlineData("x\u00A0")]
    [InlineData("\u200Bx")] // zero-width space
    [InlineData("x\uFEFF")] // byte order mark
    [InlineData("x\U000E0020")] // a tag character, outside the Basic Multilingual Plane
    [InlineData("ad\u200Bmin")]
    [InlineData("ad\u200Dmin")] // zero-width joiner
    [InlineData("ad\u00ADmin")] // soft hyphen
    [InlineData("\u202Enimda")] // right-to-left override
    [InlineData("ad\u3164min")] // Hangul filler, which Unicode counts as a letter
    [InlineData("admin\uFE0F")] // variation selector, which Unicode counts as a mark
    [InlineData("ad\u034Fmin")] // combining grapheme joiner
    [InlineData("ad\u2028min")] // line separator
    [InlineData("(command line)")]
    [InlineData("(service)")]
    [InlineData("\uFF08command line)")] // a full-width parenthesis
    public async Task A_name_does_not_look_like_another_one(string id) => await RefusedAsync(new JsonObject { ["id"] = id });

    [Theory]
    [InlineData("PERSON", "SERVICE")]
    [InlineData("PERSON", "PROVIDER")]
    [InlineData("SERVICE", "USER")]
    [InlineData("SERVICE", "ADMIN")]
    [InlineData("SERVICE", "PROVIDER")]
    [InlineData("PROVIDER", "ADMIN")]
    [InlineData("PROVIDER", "SERVICE")]
    public async Task The_role_suits_the_type(string type, string role) =>
        await RefusedAsync(new JsonObject
        {
            ["id"] = NewName(type switch { "PERSON" => "x", "SERVICE" => "_x", _ => "#P_x" }),
            ["type"] = type,
            ["role"] = role
        });

    [Theory]
    [InlineData("id", "null")]
    [InlineData("id", "\"\"")]
    [InlineData("id", "7")]
    [InlineData("id", "\"a\\u0000b\"")]
    [InlineData("id", "\"a\\nb\"")]
    [InlineData("id", "\"\\ud800\"")]
    [InlineData("id", "\"\\ufffe\"")]
    [InlineData("type", "\"person\"")]
    [InlineData("type", "\"ROBOT\"")]
    [InlineData("type", "0")]
    [InlineData("role", "\"user\"")]
    [InlineData("role", "\"ROOT\"")]
    [InlineData("role", "[\"ADMIN\"]")]
    [InlineData("password", "\"short-7\"")]
    [InlineData("password", "\"password\"")]
    [InlineData("password", "\"\"")]
    [InlineData("password", "7")]
    [InlineData("password", "\"broken \\udc00 pair\"")]
    [InlineData("firstNames", "\"a\\u0000b\"")]
    [InlineData("lastName", "\"\\r\\nforged\"")]
    [InlineData("email", "7")]
    [InlineData("locale", "{}")]
    [InlineData("canImpersonate", "\"true\"")]
    [InlineData("agreement", "\"ACCEPTED\"")]
    [InlineData("agreement", "{}")]
    [InlineData("agreement", "{\"state\":\"MAYBE\"}")]
    [InlineData("passwordResetRequested", "1")]
    [InlineData("services", "{}")]
    [InlineData("services", "[null]")]
    [InlineData("services", "[{}]")]
    [InlineData("services", "[{\"serviceName\":\"\"}]")]
    [InlineData("services", "[{\"serviceName\":\"A\",\"maxConcurrentAccess\":-1}]")]
    [InlineData("services", "[{\"serviceName\":\"A\",\"maxConcurrentAccess\":1.5}]")]
    public async Task A_malformed_field_is_refused(string field, string json)
    {
        var body = $"{{{(field == "id" ? "" : $"\"id\":\"{NewName("x")}\",")}\"{field}\":{json}}}";

        Assert.Equal("BAD_REQUEST", await PostTextAsync(body).ProblemAsync(HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData("id", 251)]
    [InlineData("password", 257)]
    [InlineData("firstNames", 251)]
    [InlineData("lastName", 251)]
    [InlineData("email", 251)]
    [InlineData("orgId", 251)]
    [InlineData("locale", 251)]
    public async Task A_text_that_is_too_long_is_refused(string field, int length)
    {
        var body = new JsonObject { ["id"] = NewName("x") };
        body[field] = new string('x', length);

        await RefusedAsync(body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"id\"")]
    [InlineData("{\"id\":\"doubled\",\"id\":\"key\"}")]
    [InlineData("{\"id\":\"doubled\",\"agreement\":{\"state\":\"ACCEPTED\",\"state\":\"REQUESTED\"}}")]
    [InlineData("{\"id\":\"doubled\",\"role\":\"USER\",\"Role\":\"ADMIN\"}")]
    [InlineData("{\"id\":\"doubled\",\"agreement\":{\"state\":\"REQUESTED\",\"STATE\":\"ACCEPTED\"}}")]
    [InlineData("{\"id\":\"deep\",\"x\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}")]
    public async Task A_malformed_body_is_refused(string body) => await PostTextAsync(body).ProblemAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task The_body_must_be_JSON_and_small()
    {
        await PostTextAsync("{\"id\":\"x\"}", "text/plain").ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        await PostTextAsync($"{{\"id\":\"{new string('x', 70_000)}\"}}").ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        await _host.PostAsync(Administration.Root, await _host.AdminTokenAsync()).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Nobody_but_a_person_has_a_password_and_nobody_has_the_own_name_as_one()
    {
        await RefusedAsync(new JsonObject { ["id"] = NewName("_x"), ["type"] = "SERVICE", ["password"] = NewPassword() });
        await RefusedAsync(new JsonObject { ["id"] = "zubrowka-kilim", ["password"] = "Zubrowka-Kilim" });
    }

    private async Task RefusedAsync(JsonObject body) =>
        Assert.Equal("BAD_REQUEST", await _host.PostAsync(Administration.Root, await _host.AdminTokenAsync(), body).ProblemAsync(HttpStatusCode.BadRequest));

    private async Task<HttpResponseMessage> PostTextAsync(string body, string contentType = "application/json") =>
        await _host.PostAsync(Administration.Root, await _host.AdminTokenAsync(), new StringContent(body, Encoding.UTF8, contentType));
}
