using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

public abstract class LoginRefusalTests(AuthHost host)
{
    [Theory]
    [InlineData("Form", "username", null)]
    [InlineData("Form", "username", "")]
    [InlineData("Form", "password", null)]
    [InlineData("Form", "password", "")]
    [InlineData("Form", "service", null)]
    [InlineData("Form", "service", "")]
    [InlineData("Multipart", "username", null)]
    [InlineData("Multipart", "username", "")]
    [InlineData("Multipart", "password", null)]
    [InlineData("Multipart", "password", "")]
    [InlineData("Multipart", "service", null)]
    [InlineData("Multipart", "service", "")]
    [InlineData("Json", "username", null)]
    [InlineData("Json", "username", "")]
    [InlineData("Json", "password", null)]
    [InlineData("Json", "password", "")]
    [InlineData("Json", "service", null)]
    [InlineData("Json", "service", "")]
    public async Task A_missing_or_empty_field_is_refused_by_name(string writing, string missing, string? instead)
    {
        var person = await host.CreatePersonAsync();
        (string Name, string? Value)[] fields = [("username", person.Id), ("password", person.Password), ("service", "app")];
        var given = fields.Select(field => field.Name == missing ? (field.Name, instead) : field);

        var why = await host.LoginWithAsync(Write(Enum.Parse<Writing>(writing), [.. given])).RefusedAsync(HttpStatusCode.BadRequest);

        Assert.Contains(missing, why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody-runs-this")]
    [InlineData("app ")]
    [InlineData("LoginServices:app")]
    public async Task An_unknown_service_is_refused(string service)
    {
        var person = await host.CreatePersonAsync();

        await host.TryLoginAsync(person.Id, person.Password, service).RefusedAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("app")]
    [InlineData("web")]
    public async Task Whatever_is_wrong_the_answer_is_the_same(string service)
    {
        var person = await host.CreatePersonAsync();
        var admin = await host.AdminTokenAsync();
        var disabled = await host.CreatePersonAsync();
        await host.PatchAsync($"/admin/principals/{disabled.Id}", admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);
        var deleted = await host.CreatePersonAsync();
        await host.DeleteAsync($"/admin/principals/{deleted.Id}", admin).ExpectAsync(HttpStatusCode.NoContent);
        var account = await host.CreateServiceAsync();
        var provider = NewName("#P_provider");
        await host.PostAsync("/admin/principals", admin, new { id = provider, type = "PROVIDER" }).ExpectAsync(HttpStatusCode.Created);
        var withoutPassword = NewName("person");
        await host.PostAsync("/admin/principals", admin, new { id = withoutPassword }).ExpectAsync(HttpStatusCode.Created);

        var expected = await SeenAsync(person.Id, "not the password", service);

        Assert.StartsWith("401", expected, StringComparison.Ordinal);
        Assert.Equal(expected, await SeenAsync(NewName("nobody"), person.Password, service));
        Assert.Equal(expected, await SeenAsync(disabled.Id, disabled.Password, service));
        Assert.Equal(expected, await SeenAsync(disabled.Id, "not the password", service));
        Assert.Equal(expected, await SeenAsync(deleted.Id, deleted.Password, service));
        Assert.Equal(expected, await SeenAsync(account.Id, account.RefreshToken, service));
        Assert.Equal(expected, await SeenAsync(provider, "anything", service));
        Assert.Equal(expected, await SeenAsync(withoutPassword, "anything", service));
    }

    [Fact]
    public async Task Wrong_credentials_are_refused_in_the_shape_of_this_surface() =>
        await host.TryLoginAsync(NewName("nobody"), "wrong").RefusedAsync(HttpStatusCode.Unauthorized);

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "no origin at all")]
    [InlineData("Referer", "https://evil.example/app.example.com")]
    [InlineData("Referer", "no address at all")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Another_site_cannot_sign_its_visitor_in(string header, string value)
    {
        var person = await host.CreatePersonAsync();

        await host.TryLoginAsync(person.Id, person.Password, "web", (header, value)).RefusedAsync(HttpStatusCode.Forbidden);

        var session = await host.LoginAsync(person);
        Assert.Equal(1, (await host.SessionsAsync(session.AccessToken)).GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task Another_site_is_refused_with_a_plain_form_too()
    {
        var person = await host.CreatePersonAsync();
        var content = Write(Writing.Form, ("username", person.Id), ("password", person.Password), ("service", "web"));

        await host.LoginWithAsync(content, ("Accept", "text/html"), ("Origin", "https://evil.example")).RefusedAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Origin_wins_over_Referer()
    {
        var person = await host.CreatePersonAsync();
        const string trustedPage = $"{AuthHost.Origin}/page";
        const string otherPage = "https://evil.example/page";

        await host.TryLoginAsync(person.Id, person.Password, "app", ("Origin", "https://evil.example"), ("Referer", trustedPage))
            .RefusedAsync(HttpStatusCode.Forbidden);
        await host.TryLoginAsync(person.Id, person.Password, "app", ("Origin", AuthHost.Origin), ("Referer", otherPage)).ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Form")]
    [InlineData("Json")]
    public async Task Over_long_names_and_passwords_are_refused_in_words(string writing)
    {
        var kind = Enum.Parse<Writing>(writing);
        var name = NewName("person").PadRight(250, 'x');
        Task<HttpResponseMessage> Login(string username, string password) =>
            host.LoginWithAsync(Write(kind, ("username", username), ("password", password), ("service", "app")));

        await Login(name, new string('p', 256)).RefusedAsync(HttpStatusCode.Unauthorized);
        var longName = await Login(name + "x", "password").RefusedAsync(HttpStatusCode.BadRequest);
        var longPassword = await Login(name, new string('p', 257)).RefusedAsync(HttpStatusCode.BadRequest);

        Assert.Contains("username", longName, StringComparison.Ordinal);
        Assert.Contains("250", longName, StringComparison.Ordinal);
        Assert.Contains("password", longPassword, StringComparison.Ordinal);
        Assert.Contains("256", longPassword, StringComparison.Ordinal);
    }

    /// <summary>Returns everything that a client can see of the response, except the date and the trace id.</summary>
    private async Task<string> SeenAsync(string user, string password, string service)
    {
        using var response = await host.TryLoginAsync(user, password, service);
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal);
        var body = await response.Content.ReadAsStringAsync();
        var shown = body.Replace(JsonElement.Parse(body).Text("traceId"), "", StringComparison.Ordinal);
        return $"{(int)response.StatusCode}\n{string.Join('\n', headers)}\n{shown}";
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : LoginRefusalTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : LoginRefusalTests(store.Host);
}
