using System.Net;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>Checks sessions and their tokens, from the sign-in to the end.</summary>
internal sealed class SessionChecks(Deployment deployment, TestAccounts accounts)
{
    private const string OwnSessions = "/account/auth/sessions";

    public IEnumerable<Check> All() =>
    [
        new("sign-in", "gives an access token that the published keys verify", TokenIsVerifiableAsync),
        new("sign-in", "says nothing about who exists", RefusalsAreAlikeAsync),
        new("session", "is refreshed, and its token is accepted", RefreshWorksAsync),
        new("session", "ends at once when it signs out, and its holder learns why", SignOutEndsAsync),
        new("session", "ends at once when its person revokes it elsewhere", RevocationEndsAsync),
        new("session", "ends at once when a service revokes it in bulk", BulkEndsAsync),
        new("session", "ends at once when its person is disabled", DisablingEndsAsync),
        new("session", "that a service opens is shown, and gone when it is deleted", ServicesManageAsync),
        new("roles", "of people do not open the services' and administrators' routes", RolesHoldAsync),
        new("one-time token", "is claimed once, and is no credential", ClaimedOnceAsync),
        new("introspection", "says what is active and what is not", IntrospectionTellsAsync),
    ];

    private async Task TokenIsVerifiableAsync()
    {
        var person = await accounts.CreatePersonAsync();
        var token = new JsonWebToken((await accounts.SignInAsync(person)).AccessToken);
        CheckFailedException.Unless(token.Subject == person.Id && token.Typ == "at+jwt", $"its sub is \"{token.Subject}\" and its typ \"{token.Typ}\"");
        await deployment.ExpectSignedAsync(token, "at+jwt");
    }

    private async Task RefusalsAreAlikeAsync()
    {
        var person = await accounts.CreatePersonAsync();
        var wrong = (await accounts.TrySignInAsync(person, "Application", "Not-the-password-1")).Expect(HttpStatusCode.Unauthorized);
        var unknown = await accounts.TrySignInAsync(new TestPerson($"{person.Id}x", "Not-the-password-1"), "Application");
        unknown.Expect(HttpStatusCode.Unauthorized);
        CheckFailedException.Unless(wrong.Member("why") == unknown.Member("why"), "a wrong password is answered otherwise than an unknown name");
    }

    private async Task RefreshWorksAsync()
    {
        var session = await accounts.SignInAsync(await accounts.CreatePersonAsync());
        var refreshed = (await RefreshAsync(session)).Expect(HttpStatusCode.OK).Member("accessToken");
        var listed = (await deployment.GetAsync(OwnSessions, refreshed)).Expect(HttpStatusCode.OK).Json;
        CheckFailedException.Unless(listed.GetArrayLength() == 1, $"its person has {listed.GetArrayLength()} sessions, not one");
    }

    private async Task SignOutEndsAsync()
    {
        var session = await accounts.SignInAsync(await accounts.CreatePersonAsync());
        (await deployment.PostAsync("/auth/logout", session.RefreshToken)).Expect(HttpStatusCode.NoContent);
        await ExpectEndedAsync(session, "SIGNED_OUT");
    }

    private async Task RevocationEndsAsync()
    {
        var person = await accounts.CreatePersonAsync();
        var (stays, ends) = (await accounts.SignInAsync(person), await accounts.SignInAsync(person));
        (await deployment.DeleteAsync(OwnSessions, stays.AccessToken)).Expect(HttpStatusCode.OK);
        await ExpectEndedAsync(ends, "REVOKED_BY_YOU");
        (await RefreshAsync(stays)).Expect(HttpStatusCode.OK);
    }

    private async Task BulkEndsAsync()
    {
        var service = await accounts.CreateServiceAsync();
        var session = await accounts.SignInAsync(await accounts.CreatePersonAsync());
        var body = new JsonObject { ["tokens"] = new JsonArray(session.RefreshToken) };
        (await deployment.PostAsync("/auth/logout/bulk", service, body)).Expect(HttpStatusCode.NoContent);
        await ExpectEndedAsync(session, "REVOKED_BY_SERVICE");
    }

    private async Task DisablingEndsAsync()
    {
        var person = await accounts.CreatePersonAsync();
        var session = await accounts.SignInAsync(person);
        var call = new Call(HttpMethod.Patch, $"/admin/principals/{person.Id}")
        {
            Bearer = accounts.Administrator,
            Body = new JsonObject { ["state"] = "DISABLED" },
        };
        (await deployment.SendAsync(call)).Expect(HttpStatusCode.OK);
        await ExpectEndedAsync(session, "ACCOUNT_CHANGED");
        (await accounts.TrySignInAsync(person, "Application")).Expect(HttpStatusCode.Unauthorized);
    }

    private async Task ServicesManageAsync()
    {
        var (service, person) = (await accounts.CreateServiceAsync(), await accounts.CreatePersonAsync());
        var opened = (await deployment.PostAsync("/sessions", service, new JsonObject { ["userUuid"] = person.Uuid })).Expect(HttpStatusCode.Created);
        var path = $"/sessions/{opened.Member("sessionId")}";
        (await deployment.GetAsync(path, service)).Expect(HttpStatusCode.OK);
        (await deployment.DeleteAsync(path, service)).Expect(HttpStatusCode.NoContent);
        (await deployment.GetAsync(path, service)).Expect(HttpStatusCode.NotFound);
    }

    private async Task RolesHoldAsync()
    {
        var session = await accounts.SignInAsync(await accounts.CreatePersonAsync());
        foreach (var path in new[] { "/admin/principals", $"/sessions/{Guid.Empty}", "/revocations", "/api/v1/app/" })
            (await deployment.GetAsync(path, session.AccessToken)).Expect(HttpStatusCode.Forbidden);
        (await deployment.PostAsync("/auth/claim?jti=verify", session.AccessToken)).Expect(HttpStatusCode.Forbidden);
    }

    private async Task ClaimedOnceAsync()
    {
        var service = await accounts.CreateServiceAsync();
        var session = await accounts.SignInAsync(await accounts.CreatePersonAsync());
        var issued = (await deployment.PostAsync("/auth/request?audience=verify:read", session.AccessToken)).Expect(HttpStatusCode.OK);
        (await deployment.GetAsync(OwnSessions, issued.Member("accessToken"))).Expect(HttpStatusCode.Unauthorized);
        var claim = $"/auth/claim?jti={Uri.EscapeDataString(issued.Member("jti"))}";
        (await deployment.PostAsync(claim, service)).Expect(HttpStatusCode.NoContent);
        (await deployment.PostAsync(claim, service)).Expect(HttpStatusCode.Conflict);
    }

    private async Task IntrospectionTellsAsync()
    {
        var service = await accounts.CreateServiceAsync();
        var session = await accounts.SignInAsync(await accounts.CreatePersonAsync());
        CheckFailedException.Unless(await IsActiveAsync(service, session), "a good token is not active");
        (await deployment.PostAsync("/auth/logout", session.RefreshToken)).Expect(HttpStatusCode.NoContent);
        CheckFailedException.Unless(!await IsActiveAsync(service, session), "the token of a session that signed out is active");
    }

    private async Task<bool> IsActiveAsync(string service, TestSession session)
    {
        var call = new Call(HttpMethod.Post, "/oauth/introspect")
        {
            Bearer = service,
            Form = new Dictionary<string, string>(StringComparer.Ordinal) { ["token"] = session.AccessToken },
        };
        return (await deployment.SendAsync(call)).Expect(HttpStatusCode.OK).Json.GetProperty("active").GetBoolean();
    }

    private Task<Answer> RefreshAsync(TestSession session) => deployment.PostAsync("/auth/refresh", session.RefreshToken);

    private async Task ExpectEndedAsync(TestSession session, string reason)
    {
        var refused = (await RefreshAsync(session)).Expect(HttpStatusCode.Unauthorized);
        CheckFailedException.Unless(refused.Member("errorCode") == reason, $"its holder is told {refused.Member("errorCode")}, not {reason}");
        (await deployment.GetAsync(OwnSessions, session.AccessToken)).Expect(HttpStatusCode.Unauthorized);
    }
}
