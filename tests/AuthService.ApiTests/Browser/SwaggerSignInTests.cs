using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Browser;

/// <summary>An administrator at work in Swagger UI, without a token in their hands.</summary>
public sealed class SwaggerSignInTests(SwaggerPage swagger) : IClassFixture<SwaggerPage>
{
    [Fact]
    public async Task Signed_in_through_the_form_one_creates_a_person()
    {
        var (page, complaints) = await swagger.OpenAsync();
        var id = NewName("person");

        await page.SignInAsAdministratorAsync();
        await page.ChooseDocumentAsync("admin");
        var answer = await page.TryOutAsync("post", "/admin/principals", $$"""{ "id": "{{id}}", "password": "{{NewPassword()}}", "lastName": "Lovelace" }""");

        await answer.ExpectStatusAsync(201);
        await Assertions.Expect(answer.Locator(".response-col_description")).ToContainTextAsync(id);
        await swagger.Host.GetAsync($"/admin/principals/{id}", await swagger.Host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        Assert.True(complaints.Count is 0, string.Join('\n', complaints));
    }

    [Fact]
    public async Task Signed_in_one_lists_and_revokes_a_persons_sessions()
    {
        var session = await swagger.Host.SignedInPersonAsync();
        var id = Requests.ClaimsOf(session.AccessToken).Text("sub");
        var (page, _) = await swagger.OpenAsync();

        await page.SignInAsAdministratorAsync();
        await page.ChooseDocumentAsync("admin");
        var list = await page.TryOutAsync("get", "/admin/principals/{id}/sessions", body: null, ("id", id));
        await list.ExpectStatusAsync(200);
        await Assertions.Expect(list.Locator(".response-col_description")).ToContainTextAsync(session.SessionId!);
        var revocation = await page.TryOutAsync(
            "delete", "/admin/principals/{id}/sessions/{sessionId}", body: null, ("id", id), ("sessionId", session.SessionId!));

        await revocation.ExpectStatusAsync(204);
        await swagger.Host.TryRefreshAsync(session.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_example_that_the_page_fills_in_is_taken_as_it_stands()
    {
        await using var host = await SwaggerPage.StartHostAsync();
        var (page, _) = await swagger.OpenAsync(host);

        await page.SignInAsAdministratorAsync();
        await page.ChooseDocumentAsync("admin");
        var answer = await page.TryOutAsync("post", "/admin/principals");

        await answer.ExpectStatusAsync(201);
    }

    [Fact]
    public async Task A_wrong_password_is_said_in_words()
    {
        var (page, _) = await swagger.OpenAsync();

        await page.SignInAsync((await swagger.Host.CreatePersonAsync()).Id, "wrong");

        await page.ExpectMessageAsync("Incorrect username or password");
    }

    [Fact]
    public async Task Who_has_a_second_factor_is_asked_for_the_code()
    {
        var guarded = await swagger.Host.GuardedAsync();
        var (page, complaints) = await swagger.OpenAsync();
        using var frozen = swagger.Host.Clock.Freeze(); // a busy machine takes longer than a code is good for

        await page.SignInAsync(guarded.Person.Id, guarded.Person.Password);
        await page.AnswerQuestionAsync("000000");
        await page.ExpectQuestionRefusedAsync("Incorrect code.");
        await page.AnswerQuestionAsync(swagger.Host.NextCode(guarded));

        await Assertions.Expect(page.Locator("#sign-in [name=signedIn]")).ToContainTextAsync(guarded.Person.Id);
        await (await page.TryOutAsync("get", "/auth/sessions")).ExpectStatusAsync(200);
        Assert.DoesNotContain(complaints, complaint => complaint.Contains("CSP", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_that_asks_for_a_fresh_proof_is_sent_again_when_it_was_given()
    {
        await using var host = await SwaggerPage.StartHostAsync(new() { ["Sessions:FreshFor"] = "00:05:00" });
        var (page, _) = await swagger.OpenAsync(host);
        await page.SignInAsAdministratorAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await page.ChooseDocumentAsync("admin");

        var answer = await page.TryOutAsync("post", "/admin/principals", $$"""{ "id": "{{NewName("person")}}", "password": "{{NewPassword()}}" }""");
        await page.AnswerQuestionAsync("wrong");
        await page.ExpectQuestionRefusedAsync("Incorrect password.");
        await page.AnswerQuestionAsync(AuthHost.AdminPassword);

        await answer.ExpectStatusAsync(201);
    }

    [Fact]
    public async Task Who_would_rather_not_give_the_proof_sees_the_refusal()
    {
        await using var host = await SwaggerPage.StartHostAsync(new() { ["Sessions:FreshFor"] = "00:05:00" });
        var (page, _) = await swagger.OpenAsync(host);
        await page.SignInAsAdministratorAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await page.ChooseDocumentAsync("admin");

        var answer = await page.TryOutAsync("post", "/admin/principals");
        await page.Locator("#question").GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await answer.ExpectStatusAsync(401);
        await page.ExpectSignedInAsync();
    }

    [Fact]
    public async Task A_lock_says_how_long_it_lasts()
    {
        var (page, _) = await swagger.OpenAsync();
        var person = await swagger.Host.CreatePersonAsync();
        using var frozen = swagger.Host.Clock.Freeze(); // a busy machine takes longer than the lock
        for (var guess = 0; guess < 5; guess++)
            await swagger.Host.TryLoginAsync(person.Id, "wrong").ExpectAsync(HttpStatusCode.Unauthorized);

        await page.SignInAsync(person.Id, person.Password);

        await page.ExpectMessageAsync("Too many failed sign-ins, try again later: in ");
        await page.ExpectMessageAsync(" second");
    }

    [Fact]
    public async Task A_page_that_is_not_trusted_says_what_to_add()
    {
        await using var host = await SwaggerPage.StartHostAsync(new() { ["Origins:Trusted:3"] = null });
        var (page, _) = await swagger.OpenAsync(host);

        await page.SignInAsync(AuthHost.AdminId, AuthHost.AdminPassword);

        await page.ExpectMessageAsync($"add http://localhost:{host.Address.Port} to Origins:Trusted");
    }

    [Theory]
    [InlineData("Web")]
    [InlineData("Application")]
    public async Task The_token_is_renewed_before_it_ends(string mode)
    {
        await using var host = await SwaggerPage.StartHostAsync(new() { ["LoginServices:web:Mode"] = mode, ["Jwt:AccessTokenLifetime"] = "00:00:08" });
        var (page, _) = await swagger.OpenAsync(host);
        await page.SignInAsAdministratorAsync();

        var refresh = mode is "Web" ? "/auth/refresh/web" : "/auth/refresh";
        await page.WaitForResponseAsync(response => response.Url.EndsWith(refresh, StringComparison.Ordinal) && response.Ok);
        await page.WaitForResponseAsync(response => response.Url.Contains("/auth/refresh", StringComparison.Ordinal) && response.Ok);
        using var frozen = host.Clock.Freeze(); // the token of the sign-in has ended; a busy machine could take longer than the new one lives
        var answer = await page.TryOutAsync("get", "/auth/sessions");

        await answer.ExpectStatusAsync(200);
    }

    [Fact]
    public async Task A_reload_does_not_sign_out_and_the_button_does()
    {
        var (page, _) = await swagger.OpenAsync();
        await page.SignInAsAdministratorAsync();

        await page.ReloadAsync();
        await page.ExpectSignedInAsync();
        await page.ClickAsync("#sign-in [name=signOut]");
        await Assertions.Expect(page.Locator("#sign-in [name=username]")).ToBeVisibleAsync();
        var answer = await page.TryOutAsync("get", "/auth/sessions");

        await answer.ExpectStatusAsync(401);
        Assert.Null(await page.FindRefreshCookieAsync());
    }

    [Fact]
    public async Task A_session_that_was_revoked_asks_for_another_sign_in()
    {
        var (page, _) = await swagger.OpenAsync();
        await page.SignInAsAdministratorAsync();
        await swagger.Host.DeleteAsync("/account/auth/sessions/all", await swagger.Host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);

        await page.ReloadAsync();

        await page.ExpectMessageAsync("The session has ended. Sign in again.");
        await Assertions.Expect(page.Locator("#sign-in [name=username]")).ToBeVisibleAsync();
    }

    /// <summary>A browser that was closed has forgotten it on a public computer, and a person can delete it.</summary>
    [Fact]
    public async Task A_session_whose_cookie_is_gone_asks_for_another_sign_in()
    {
        var (page, _) = await swagger.OpenAsync();
        await page.SignInAsAdministratorAsync();
        await page.Context.ClearCookiesAsync();
        var refreshes = 0;
        page.Request += (_, request) => refreshes += request.Url.EndsWith("/auth/refresh/web", StringComparison.Ordinal) ? 1 : 0;

        await page.ReloadAsync();

        await page.ExpectMessageAsync("The session has ended. Sign in again.");
        await Assertions.Expect(page.Locator("#sign-in [name=username]")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#sign-in [name=username]")).ToBeVisibleAsync();
        Assert.Equal(1, refreshes);
    }

    [Fact]
    public async Task Nothing_that_opens_anything_is_left_where_scripts_can_read_it()
    {
        var (page, _) = await swagger.OpenAsync();
        await page.SignInAsAdministratorAsync();

        var readable = await page.EvaluateAsync<string>("JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie])");

        Assert.DoesNotContain("rt_", readable, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", readable, StringComparison.Ordinal);
    }
}
