using System.Net;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Pages;

/// <summary>The sign-in page leads to the form for a new password when the principal must set one.</summary>
public abstract partial class NewPasswordFormTests(AuthHost host)
{
    private const string Path = "/login/new-password";

    [Fact]
    public async Task A_sign_in_leads_to_it_and_it_leads_back()
    {
        var (person, chosen) = (await host.CreatePersonAsync(new() { ["passwordResetRequested"] = true }), NewPassword());

        var form = await PageAsync(SignInAsync(person.Id, person.Password), HttpStatusCode.Forbidden);
        var back = await PageAsync(SubmitAsync(TokenIn(form), chosen, person.Id), HttpStatusCode.OK);

        Assert.Contains("Your new password is set. Sign in with it.", back, StringComparison.Ordinal);
        Assert.Contains($"name=\"username\" value=\"{person.Id}\"", back, StringComparison.Ordinal);
        Assert.Contains("to continue to app.example.com", back, StringComparison.Ordinal);
        await host.LoginAsync(person.Id, chosen);
        Assert.False((await host.ShowAsync(person.Id)).GetProperty("passwordResetRequested").GetBoolean());
    }

    [Fact]
    public async Task What_is_refused_is_said_and_the_token_stays_in_the_form()
    {
        var person = await host.CreatePersonAsync(new() { ["passwordResetRequested"] = true });
        var token = TokenIn(await PageAsync(SignInAsync(person.Id, person.Password), HttpStatusCode.Forbidden));

        var same = await PageAsync(SubmitAsync(token, person.Password, person.Id), HttpStatusCode.BadRequest);
        var unknown = await PageAsync(SubmitAsync("reset_x", NewPassword(), "\"><script>"), HttpStatusCode.BadRequest);

        Assert.Contains("The new password must differ from the old one.", same, StringComparison.Ordinal);
        Assert.Equal(token, TokenIn(same));
        Assert.Contains("sign in again", unknown, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", unknown, StringComparison.Ordinal);
        await PageAsync(SubmitAsync(token, NewPassword(), person.Id), HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_was_said_of_the_computer_goes_on_to_the_sign_in_that_follows()
    {
        const string Field = "<input type=\"hidden\" name=\"publicComputer\" value=\"true\">";
        var person = await host.CreatePersonAsync(new() { ["passwordResetRequested"] = true });

        var form = await PageAsync(SignInAsync(person.Id, person.Password, publicComputer: true), HttpStatusCode.Forbidden);
        var refused = await PageAsync(SubmitAsync(TokenIn(form), "short", person.Id, publicComputer: true), HttpStatusCode.BadRequest);
        var back = await PageAsync(SubmitAsync(TokenIn(form), NewPassword(), person.Id, publicComputer: true), HttpStatusCode.OK);

        Assert.Contains(Field, form, StringComparison.Ordinal);
        Assert.Contains(Field, refused, StringComparison.Ordinal);
        Assert.Contains("aria-describedby=\"shared\" checked>", back, StringComparison.Ordinal);
    }

    /// <summary>The script of the sign-in page uses this address when a person who signed in with a passkey must set a new password.</summary>
    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("", false)]
    public async Task Its_address_says_it_too(string publicComputer, bool isKept)
    {
        var page = await PageAsync(host.GetAsync($"{Path}?service=web&publicComputer={publicComputer}"), HttpStatusCode.OK);

        Assert.Equal(isKept, page.Contains("name=\"publicComputer\" value=\"true\"", StringComparison.Ordinal));
    }

    /// <summary>In this deployment only applications sign people in, with forms of their own.</summary>
    [Fact]
    public async Task Where_no_site_has_a_sign_in_page_it_says_that_the_password_is_set()
    {
        await using var own = await host.StartAnotherAsync(new() { ["LoginServices:web:Mode"] = "Application" });
        var (person, chosen) = (await own.CreatePersonAsync(new() { ["passwordResetRequested"] = true }), NewPassword());
        var refusal = await own.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.Forbidden);

        var done = await PageAsync(
            own.SendAsync(HttpMethod.Post, Path, json: new FormUrlEncodedContent([new("token", refusal.Text("token")), new("newPassword", chosen)])),
            HttpStatusCode.OK);

        Assert.Contains("Your new password is set.", done, StringComparison.Ordinal);
        await own.LoginAsync(person.Id, chosen);
    }

    /// <summary>The token is only in this form, not in any mail, so the page must keep it.</summary>
    [Fact]
    public async Task The_token_of_a_call_too_many_stays_in_the_form()
    {
        await using var limited = await host.StartTwinAsync(new() { ["RateLimits:Enabled"] = "true", ["RateLimits:LoginPerIpPerMinute"] = "1" });
        using var frozen = host.Clock.Freeze();
        using var signIn = await limited.TryLoginAsync("nobody", "wrong");

        var sent = new FormUrlEncodedContent([new("token", "reset_kept"), new("newPassword", "x"), new("service", "web")]);
        var page = await PageAsync(limited.SendAsync(HttpMethod.Post, Path, json: sent), HttpStatusCode.TooManyRequests);

        Assert.Equal("reset_kept", TokenIn(page));
    }

    [Fact]
    public async Task What_is_no_form_is_refused_by_the_page() => await PageAsync(
        host.PostAsync(Path, json: new { token = "reset_x" }), HttpStatusCode.UnsupportedMediaType);

    private Task<HttpResponseMessage> SignInAsync(string username, string password, bool publicComputer = false) => host.SendAsync(
        HttpMethod.Post, "/login?service=web",
        json: new FormUrlEncodedContent(
        [
            new("username", username), new("password", password), new("service", "web"), new("publicComputer", publicComputer ? "true" : ""),
        ]));

    private Task<HttpResponseMessage> SubmitAsync(string token, string newPassword, string username, bool publicComputer = false) => host.SendAsync(
        HttpMethod.Post, Path,
        json: new FormUrlEncodedContent(
        [
            new("token", token), new("newPassword", newPassword), new("username", username), new("service", "web"),
            new("publicComputer", publicComputer ? "true" : ""),
        ]));

    private static string TokenIn(string page) => TokenField().Match(page).Groups["token"].Value;

    private static async Task<string> PageAsync(Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl is { NoStore: true });
        Assert.False(response.Headers.Contains("Set-Cookie"), "Nobody is signed in by it");
        return page;
    }

    [GeneratedRegex("name=\"token\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TokenField();

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : NewPasswordFormTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : NewPasswordFormTests(store.Host);
}
