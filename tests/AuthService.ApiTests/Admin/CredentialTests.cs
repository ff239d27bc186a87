using System.Net;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Admin;

/// <summary>Administrators set passwords, lift locks and renew service refresh tokens.</summary>
public abstract class CredentialTests(AuthHost host)
{
    [Fact]
    public async Task A_new_password_replaces_the_old_one_and_ends_the_sessions()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        var password = $"{NewPassword()} caf\u00E9";

        await host.PutAsync($"{Administration.PathOf(person.Id)}/password", await host.AdminTokenAsync(), new { password })
            .ExpectAsync(HttpStatusCode.NoContent);

        await host.TryRefreshAsync(session.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync("/auth/sessions", session.AccessToken).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.TryLoginAsync(person.Id, person.Password).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.LoginAsync(person.Id, password.Normalize(NormalizationForm.FormD));
        await host.TryLoginAsync(person.Id, $"{password} ").RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("{\"password\":\"seven-7\"}")]
    [InlineData("{\"password\":\"12345678\"}")]
    [InlineData("{\"password\":\"Password123\"}")]
    [InlineData("{\"password\":\"authservice\"}")]
    [InlineData("{\"password\":\"\"}")]
    [InlineData("{\"password\":null}")]
    [InlineData("{\"password\":12345678}")]
    [InlineData("{\"password\":\"broken \\ud800 pair\"}")]
    [InlineData("{\"password\":\"noncharacter \\ufffe\"}")]
    [InlineData("{\"password\":\"Plum-Kettle-93-A\",\"password\":\"Plum-Kettle-93-B\"}")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_bad_password_is_refused_and_the_old_one_stays(string body)
    {
        var person = await host.CreatePersonAsync();

        await host.PutAsync($"{Administration.PathOf(person.Id)}/password", await host.AdminTokenAsync(),
            new StringContent(body, Encoding.UTF8, "application/json"))
            .ProblemAsync(HttpStatusCode.BadRequest);

        await host.LoginAsync(person);
    }

    [Fact]
    public async Task A_password_has_8_to_256_characters_all_of_which_count()
    {
        var person = await host.CreatePersonAsync();
        var (admin, path) = (await host.AdminTokenAsync(), $"{Administration.PathOf(person.Id)}/password");
        var longest = string.Concat(Enumerable.Range(0, 64).Select(i => $"{i:X2}q!"));

        await host.PutAsync(path, admin, new { password = $"{longest}x" }).ProblemAsync(HttpStatusCode.BadRequest);
        await host.PutAsync(path, admin, new { password = longest }).ExpectAsync(HttpStatusCode.NoContent);
        await host.LoginAsync(person.Id, longest);
        await host.TryLoginAsync(person.Id, $"{longest[..255]}?").RefusalAsync(HttpStatusCode.Unauthorized);
        await host.PutAsync(path, admin, new { password = "m!7Vq2zK" }).ExpectAsync(HttpStatusCode.NoContent);
        await host.LoginAsync(person.Id, "m!7Vq2zK");
    }

    [Fact]
    public async Task The_own_name_is_no_password()
    {
        var id = NewName("quokka-ziggurat");
        await host.CreateAsync(new { id, lastName = "Brxqundtvo", email = "someone@hjorth.example" });
        var (admin, path) = (await host.AdminTokenAsync(), $"{Administration.PathOf(id)}/password");

        foreach (var password in new[] { id, id.ToUpperInvariant(), "brxqundtvo", "someone@hjorth.example" })
            await host.PutAsync(path, admin, new { password }).ProblemAsync(HttpStatusCode.BadRequest);
        await host.PutAsync(path, admin, new { password = "Gjxqundwvo" }).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Only_a_person_has_a_password_and_only_others_have_a_refresh_token()
    {
        var (service, person) = (await host.CreateServiceAsync(), await host.CreatePersonAsync());
        var admin = await host.AdminTokenAsync();

        await host.PutAsync($"{Administration.PathOf(service.Id)}/password", admin, new { password = NewPassword() }).ProblemAsync(HttpStatusCode.BadRequest);
        await host.PostAsync($"{Administration.PathOf(person.Id)}/refresh-token", admin).ProblemAsync(HttpStatusCode.BadRequest);
        await host.RefreshAsync(service.RefreshToken);
    }

    [Fact]
    public async Task A_lock_is_shown_and_lifted()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var (admin, path) = (await host.AdminTokenAsync(), Administration.PathOf(person.Id));
        for (var i = 0; i < 5; i++)
            await host.TryLoginAsync(person.Id, "wrong password").RefusalAsync(HttpStatusCode.Unauthorized);
        await host.TryLoginAsync(person.Id, person.Password).RefusalAsync(HttpStatusCode.TooManyRequests);
        Assert.True((await host.ShowAsync(person.Id)).GetProperty("locked").GetBoolean());
        var listed = await host.GetAsync($"{Administration.Root}?query={person.Id}", admin).ExpectAsync(HttpStatusCode.OK);
        Assert.True(listed.GetProperty("items")[0].GetProperty("locked").GetBoolean());

        await host.PostAsync($"{path}/unlock", admin).ExpectAsync(HttpStatusCode.NoContent);

        Assert.False((await host.ShowAsync(person.Id)).GetProperty("locked").GetBoolean());
        await host.LoginAsync(person);
        await host.PostAsync($"{path}/unlock", admin).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_lock_that_is_over_is_not_shown()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        for (var i = 0; i < 5; i++)
            await host.TryLoginAsync(person.Id, "wrong password").RefusalAsync(HttpStatusCode.Unauthorized);

        host.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.False((await host.ShowAsync(person.Id)).GetProperty("locked").GetBoolean());
        await host.LoginAsync(person);
    }

    [Theory]
    [InlineData("_renew-", "SERVICE")]
    [InlineData("#P_renew-", "PROVIDER")]
    public async Task A_renewed_credential_works_and_the_old_one_is_refused_with_its_tokens(string prefix, string type)
    {
        var id = NewName(prefix);
        var old = (await host.CreateAsync(new { id, type })).Text("refreshToken");
        var oldToken = await host.RefreshAsync(old);
        using var response = await host.PostAsync($"{Administration.PathOf(id)}/refresh-token", await host.AdminTokenAsync());

        var renewed = (await response.ExpectAsync(HttpStatusCode.OK)).Text("refreshToken");

        Assert.True(response.Headers.CacheControl?.NoStore);
        await host.TryRefreshAsync(old).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync("/auth/request?audience=files:read", oldToken).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync("/auth/request?audience=files:read", await host.RefreshAsync(renewed)).ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("PUT", "/password")]
    [InlineData("POST", "/unlock")]
    [InlineData("POST", "/refresh-token")]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("PATCH", "")]
    public async Task There_is_nothing_to_do_to_somebody_unknown(string method, string path)
    {
        var admin = await host.AdminTokenAsync();
        foreach (var id in new[] { NewName("nobody"), new string('x', 251), "a\u0001b", "\uFFFE" })
        {
            var body = method is "PUT" or "PATCH" ? new { password = NewPassword() } : null;
            var code = await host.SendAsync(new HttpMethod(method), $"{Administration.PathOf(id)}{path}", admin, body).ProblemAsync(HttpStatusCode.NotFound);
            Assert.Equal("UNKNOWN_PRINCIPAL", code);
        }
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : CredentialTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : CredentialTests(store.Host);
}
