using System.Net;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Admin;

/// <summary>PATCH and DELETE /admin/principals/{id} change and delete principals, and revoke sessions where they must.</summary>
public abstract class ChangePrincipalTests(AuthHost host)
{
    [Theory]
    [InlineData("firstNames", "\"Augusta\"", "\"Augusta\"")]
    [InlineData("lastName", "\"King\"", "\"King\"")]
    [InlineData("email", "\"new@example.com\"", "\"new@example.com\"")]
    [InlineData("orgId", "\"new.example\"", "\"new.example\"")]
    [InlineData("locale", "\"da\"", "\"da\"")]
    [InlineData("firstNames", "null", "null")]
    [InlineData("lastName", "null", "null")]
    [InlineData("email", "null", "null")]
    [InlineData("orgId", "null", "null")]
    [InlineData("locale", "null", "null")]
    [InlineData("services", "null", "[]")]
    [InlineData("services", "[]", "[]")]
    [InlineData("services", "[{\"serviceName\":\"B\",\"maxConcurrentAccess\":0}]", "[{\"serviceName\":\"B\",\"maxConcurrentAccess\":0}]")]
    [InlineData("canImpersonate", "true", "true")]
    [InlineData("agreement", "{\"state\":\"REQUESTED\"}", "{\"state\":\"REQUESTED\"}")]
    [InlineData("passwordResetRequested", "true", "true")]
    [InlineData("role", "\"ADMIN\"", "\"ADMIN\"")]
    [InlineData("state", "\"DISABLED\"", "\"DISABLED\"")]
    public async Task One_field_is_changed_and_the_others_stay(string field, string json, string shown)
    {
        var id = NewName("change");
        await host.CreateAsync(new
        {
            id,
            firstNames = "Ada",
            lastName = "Lovelace",
            email = "ada@example.com",
            orgId = "old.example",
            locale = "en",
            services = new[] { new { serviceName = "A", maxConcurrentAccess = 1 } },
        });
        var before = await host.ShowAsync(id);

        var after = await PatchTextAsync(id, $"{{\"{field}\":{json}}}").ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(after.GetRawText(), (await host.ShowAsync(id)).GetRawText());
        foreach (var member in before.EnumerateObject())
            Assert.Equal(member.NameEquals(field) ? shown : member.Value.GetRawText(), after.GetProperty(member.Name).GetRawText());
        Assert.NotEqual(before.GetProperty(field).GetRawText(), after.GetProperty(field).GetRawText(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_empty_change_changes_nothing()
    {
        var id = NewName("same");
        await host.CreateAsync(new { id, firstNames = "Ada" });
        var before = await host.ShowAsync(id);

        Assert.Equal(before.GetRawText(), (await host.ChangeAsync(id, new { })).GetRawText());
        Assert.Equal(before.GetRawText(), (await host.ChangeAsync(id, new { unknown = 1 })).GetRawText());
    }

    /// <summary>PATCH takes every field of POST except id and type. If it ignored the password and returned 200, the old password would stay valid.</summary>
    [Fact]
    public async Task A_password_can_be_changed_with_the_rest()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        var password = NewPassword();

        await host.ChangeAsync(person.Id, new { password, firstNames = "Ada" });

        await host.LoginAsync(person.Id, password);
        await host.TryLoginAsync(person.Id, person.Password).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.TryRefreshAsync(session.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("{\"role\":\"user\"}")]
    [InlineData("{\"role\":\"SERVICE\"}")]
    [InlineData("{\"role\":7}")]
    [InlineData("{\"state\":\"DELETED\"}")]
    [InlineData("{\"state\":\"enabled\"}")]
    [InlineData("{\"firstNames\":7}")]
    [InlineData("{\"email\":\"a\\u0000b\"}")]
    [InlineData("{\"agreement\":{\"state\":null}}")]
    [InlineData("{\"services\":[{\"maxConcurrentAccess\":1}]}")]
    [InlineData("{\"services\":[null]}")]
    [InlineData("{\"firstNames\":\"Ada\",\"firstNames\":\"Eve\"}")]
    [InlineData("{\"canImpersonate\":\"yes\"}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_malformed_change_is_refused_whole(string body)
    {
        var id = NewName("whole");
        await host.CreateAsync(new { id, firstNames = "Before" });
        var before = await host.ShowAsync(id);

        await PatchTextAsync(id, body).ProblemAsync(HttpStatusCode.BadRequest);
        if (body.StartsWith('{'))
            await PatchTextAsync(id, $"{{\"lastName\":\"Changed\",{body[1..]}").ProblemAsync(HttpStatusCode.BadRequest);

        Assert.Equal(before.GetRawText(), (await host.ShowAsync(id)).GetRawText());
    }

    [Fact]
    public async Task A_principal_is_reached_in_any_letter_case_and_by_its_encoded_id()
    {
        var id = NewName("#P_Provider");
        await host.CreateAsync(new { id, type = "PROVIDER" });

        Assert.Equal(id, (await host.ShowAsync(id.ToUpperInvariant())).Text("id"));
        Assert.Equal("changed", (await host.ChangeAsync(id, new { orgId = "changed" })).Text("orgId"));
        await host.DeleteAsync(Administration.PathOf(id), await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);
        Assert.Equal("UNKNOWN_PRINCIPAL", await host.GetAsync(Administration.PathOf(id), await host.AdminTokenAsync()).ProblemAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Facts_leave_the_sessions_alone_and_a_changed_role_or_state_ends_them()
    {
        foreach (var (change, ends) in new (object Change, bool Ends)[]
        {
            (new { firstNames = "Ada", canImpersonate = true, role = "USER", state = "ENABLED" }, false),
            (new { role = "ADMIN" }, true),
            (new { state = "DISABLED" }, true),
        })
        {
            var person = await host.CreatePersonAsync();
            var session = await host.LoginAsync(person);

            await host.ChangeAsync(person.Id, change);

            var status = ends ? HttpStatusCode.Unauthorized : HttpStatusCode.OK;
            await host.TryRefreshAsync(session.RefreshToken).ExpectAsync(status);
            await host.GetAsync("/auth/sessions", session.AccessToken).ExpectAsync(status);
        }
    }

    [Fact]
    public async Task The_disabled_are_out_until_they_are_enabled_and_sign_in_anew()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        await host.ChangeAsync(person.Id, new { state = "DISABLED" });
        await host.TryLoginAsync(person.Id, person.Password).RefusalAsync(HttpStatusCode.Unauthorized);

        await host.ChangeAsync(person.Id, new { state = "ENABLED" });

        await host.TryRefreshAsync(session.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.LoginAsync(person);
    }

    /// <summary>Disabling a service revokes its service refresh token. Enabling the service again does not restore the token.</summary>
    [Fact]
    public async Task A_disabled_service_needs_a_new_credential()
    {
        var service = await host.CreateServiceAsync();
        var token = await host.RefreshAsync(service.RefreshToken);
        var admin = await host.AdminTokenAsync();
        await host.ChangeAsync(service.Id, new { state = "DISABLED" });

        await host.PostAsync("/auth/claim?jti=x", token).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync($"{Administration.PathOf(service.Id)}/refresh-token", admin).ProblemAsync(HttpStatusCode.BadRequest);
        await host.ChangeAsync(service.Id, new { state = "ENABLED" });
        await host.TryRefreshAsync(service.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync("/auth/claim?jti=x", token).RefusalAsync(HttpStatusCode.Unauthorized);
        var renewed = await host.PostAsync($"{Administration.PathOf(service.Id)}/refresh-token", admin).ExpectAsync(HttpStatusCode.OK);
        await host.RefreshAsync(renewed.Text("refreshToken"));
    }

    [Fact]
    public async Task The_deleted_are_gone_and_their_ids_stay_taken()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        var (admin, path) = (await host.AdminTokenAsync(), Administration.PathOf(person.Id));

        await host.DeleteAsync(path, admin).ExpectAsync(HttpStatusCode.NoContent);

        await host.TryRefreshAsync(session.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync("/auth/sessions", session.AccessToken).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.TryLoginAsync(person.Id, person.Password).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync(path, admin).ProblemAsync(HttpStatusCode.NotFound);
        await host.PatchAsync(path, admin, new { firstNames = "Ghost" }).ProblemAsync(HttpStatusCode.NotFound);
        await host.PutAsync($"{path}/password", admin, new { password = NewPassword() }).ProblemAsync(HttpStatusCode.NotFound);
        await host.PostAsync($"{path}/unlock", admin).ProblemAsync(HttpStatusCode.NotFound);
        await host.PostAsync($"{path}/refresh-token", admin).ProblemAsync(HttpStatusCode.NotFound);
        await host.DeleteAsync(path, admin).ProblemAsync(HttpStatusCode.NotFound);
        foreach (var id in new[] { person.Id, person.Id.ToUpperInvariant() })
            Assert.Equal("ID_IN_USE", await host.PostAsync(Administration.Root, admin, new { id }).ProblemAsync(HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Changes_at_the_same_moment_are_all_found_by_the_search()
    {
        var admin = await host.AdminTokenAsync();
        for (var round = 0; round < 20; round++)
        {
            var id = NewName("search");
            await host.CreateAsync(new { id });
            var (first, last, email) = (NewName("first"), NewName("last"), $"{NewName("mail")}@example.com");

            await Task.WhenAll(new object[] { new { firstNames = first }, new { lastName = last }, new { email } }.Select(
                change => host.PatchAsync(Administration.PathOf(id), admin, change).ExpectAsync(HttpStatusCode.OK)));

            foreach (var text in new[] { first, last, email })
            {
                var found = await host.GetAsync($"{Administration.Root}?query={text}", admin).ExpectAsync(HttpStatusCode.OK);
                Assert.Equal(id, Assert.Single(found.GetProperty("items").EnumerateArray().ToList()).Text("id"));
            }
        }
    }

    private async Task<HttpResponseMessage> PatchTextAsync(string id, string body) =>
        await host.PatchAsync(Administration.PathOf(id), await host.AdminTokenAsync(), new StringContent(body, Encoding.UTF8, "application/json"));

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ChangePrincipalTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ChangePrincipalTests(store.Host);
}
