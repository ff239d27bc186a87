using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>Calls wait for the hash of a password while their caller is disabled or signed out.</summary>
public abstract class WaitingCallTests(Twins twins)
{
    private const int Calls = 60;

    /// <summary>The settings with which a hash takes about 120 ms, so that the calls wait for each other.</summary>
    private static readonly Settings Slow = new() { ["Passwords:BcryptCost"] = "11" };

    [Theory]
    [InlineData("create")]
    [InlineData("set password")]
    [InlineData("change with password")]
    public async Task None_is_carried_out_once_its_administrator_is_disabled_and_deleted(string what)
    {
        await using var host = await twins.One.StartAnotherAsync(Slow);
        var admin = await host.AdminTokenAsync();
        var eve = await host.CreatePersonAsync(new() { ["role"] = "ADMIN" });
        var token = (await host.LoginAsync(eve)).AccessToken;
        var targets = what is "create" ? new string[Calls] : await TargetsAsync(host);

        var calls = targets.Select(target => CallAsync(host, token, what, target)).ToArray();
        await Task.WhenAny(calls);
        var path = Administration.PathOf(eve.Id);
        await Repeats.WhileUnavailableAsync(() => host.PatchAsync(path, admin, new { state = "DISABLED" })).ExpectAsync(HttpStatusCode.OK);
        await Repeats.WhileUnavailableAsync(() => host.DeleteAsync(path, admin)).ExpectAsync(HttpStatusCode.NoContent);
        var statuses = await Task.WhenAll(calls);

        var entries = await host.AuditAsync(admin, $"?actor={eve.Id}&event={EventOf(what)}&limit=1000");
        var disabled = (await host.AuditAsync(admin, $"?principal={eve.Id}&event=principal_changed")).Numbers().Max();
        Assert.DoesNotContain(entries.Numbers(), number => number > disabled);
        Assert.Equal(entries.Length, statuses.Count(status => (int)status < 300));
        Assert.Contains(HttpStatusCode.Unauthorized, statuses);
        var byTime = (await host.AuditAsync(admin, "?limit=1000")).Where(entry => EventOf(what) == entry.Text("event")).Numbers();
        Assert.Equal(byTime.OrderDescending(), byTime);
    }

    [Fact]
    public async Task A_changed_password_does_not_outlive_the_sign_out_of_everywhere()
    {
        await using var host = await twins.One.StartAnotherAsync(new() { ["Passwords:BcryptCost"] = "13" });
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);

        var change = host.TryChangePasswordAsync(session.AccessToken, person.Password, NewPassword());
        await Task.Delay(TimeSpan.FromMilliseconds(50));
        await host.DeleteAsync($"{AccountCalls.Sessions}/all", session.AccessToken).ExpectAsync(HttpStatusCode.OK);

        await change.AccountRefusalAsync(HttpStatusCode.Unauthorized);
        await host.LoginAsync(person);
        Assert.Empty(await host.AuditAsync(await host.AdminTokenAsync(), $"?actor={person.Id}&event=password_set"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_does_not_outlive_the_API_key_that_was_revoked_while_it_waited(bool withAccessToken)
    {
        var (host, key) = (twins.One, await twins.One.NewApiKeyAsync());
        var shown = withAccessToken ? (await host.ClientTokenAsync(new OAuthClient(key.Owner, key.Key))).Text("access_token") : key.Key;
        await host.GetAsync(AppTokenCalls.Applications, shown).ExpectAsync(HttpStatusCode.OK);
        var uid = NewName("app");

        await using var revoking = await host.Database.BeginAsync($"DELETE FROM api_keys WHERE prefix = '{key.Key[..10]}'");
        var call = StatusAsync(host.PostAsync(AppTokenCalls.Applications, shown, new { name = "Made too late", uid }));
        await revoking.ExpectToHoldUpAsync(call);
        await revoking.Transaction.CommitAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await call);
        await host.GetAsync($"{AppTokenCalls.Applications}/{uid}", await host.NewServiceTokenAsync()).ExpectAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_call_does_not_outlive_the_API_key_that_expired_while_it_waited()
    {
        var (host, owner, uid) = (twins.One, (await twins.One.CreateServiceAsync()).Id, NewName("app"));
        var wanted = new { name = "short", expireAt = host.Clock.GetUtcNow().AddMinutes(5) };
        var key = (await host.PostAsync(ApiKeyCalls.KeysOf(owner), await host.AdminTokenAsync(), wanted).ExpectAsync(HttpStatusCode.Created)).Text("key");
        await host.GetAsync(AppTokenCalls.Applications, key).ExpectAsync(HttpStatusCode.OK);

        await using var other = await host.Database.BeginAsync($"UPDATE principals SET locale = locale WHERE id = '{owner}'");
        var call = StatusAsync(host.PostAsync(AppTokenCalls.Applications, key, new { name = "Made too late", uid }));
        await other.ExpectToHoldUpAsync(call);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await other.Transaction.CommitAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await call);
        await host.GetAsync($"{AppTokenCalls.Applications}/{uid}", await host.NewServiceTokenAsync()).ExpectAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nobody_is_unlocked_by_an_administrator_who_was_signed_out_while_the_call_waited()
    {
        var (host, eve) = (twins.One, await twins.One.CreatePersonAsync(new() { ["role"] = "ADMIN" }));
        var (token, locked) = ((await host.LoginAsync(eve)).AccessToken, await host.CreatePersonAsync());

        await using var signingOut = await host.Database.BeginAsync(
            $"DELETE FROM sessions WHERE principal_number = (SELECT number FROM principals WHERE id = '{eve.Id}')");
        var call = StatusAsync(host.PostAsync($"{Administration.PathOf(locked.Id)}/unlock", token));
        await signingOut.ExpectToHoldUpAsync(call);
        await signingOut.Transaction.CommitAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await call);
        Assert.Empty(await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={locked.Id}&event=unlocked"));
    }

    [Fact]
    public async Task No_password_is_set_by_a_token_whose_request_was_taken_back_while_the_call_waited()
    {
        var (host, person) = (twins.One, await twins.One.CreatePersonAsync());
        await host.PatchAsync(Administration.PathOf(person.Id), await host.AdminTokenAsync(), new { passwordResetRequested = true })
            .ExpectAsync(HttpStatusCode.OK);
        var token = await host.Http.ResetTokenAsync(person.Id, person.Password);

        await using var takingBack = await host.Database.BeginAsync(
            $"UPDATE principals SET password_reset_requested = {(host.Database.IsPostgres ? "false" : "0")} WHERE id = '{person.Id}'");
        var call = host.Http.TryResetAsync(token, NewPassword());
        await takingBack.ExpectToHoldUpAsync(call);
        await takingBack.Transaction.CommitAsync();

        Assert.Equal("INVALID_TOKEN", (await call.ExpectAsync(HttpStatusCode.BadRequest)).Text("errorCode"));
        await host.LoginAsync(person);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_administrators_who_demote_at_once_one_stays(bool eachOther)
    {
        await using var host = await twins.One.StartAnotherAsync();
        await using var twin = await host.StartTwinAsync();
        var (id, token) = (AuthHost.AdminId, await host.NewAdminTokenAsync());
        for (var round = 0; round < Effort.Of(6, 200); round++)
        {
            var other = new Person(NewName("second"), NewPassword(), "");
            var wanted = new { id = other.Id, password = other.Password, role = "ADMIN" };
            await host.PostAsync(Administration.Root, token, wanted).ExpectAsync(HttpStatusCode.Created);
            var otherToken = (await host.LoginAsync(other)).AccessToken;

            var answers = await Task.WhenAll(
                StatusAsync(DemoteAsync(host, eachOther ? other.Id : id, token)), StatusAsync(DemoteAsync(twin, eachOther ? id : other.Id, otherToken)));

            var (done, refused) = answers[0] is HttpStatusCode.OK ? (answers[0], answers[1]) : (answers[1], answers[0]);
            Assert.Equal(HttpStatusCode.OK, done);
            Assert.Equal(eachOther ? HttpStatusCode.Unauthorized : HttpStatusCode.Conflict, refused);
            if (answers[0] is HttpStatusCode.OK != eachOther)
                (id, token) = (other.Id, otherToken);
            await host.GetAsync(Administration.PathOf(id), token).ExpectAsync(HttpStatusCode.OK);
        }
    }

    private static async Task<string[]> TargetsAsync(AuthHost host)
    {
        var ids = Enumerable.Range(0, Calls).Select(_ => NewName("target")).ToArray();
        foreach (var id in ids)
            await host.CreateAsync(new { id });
        return ids;
    }

    private static Task<HttpStatusCode> CallAsync(AuthHost host, string token, string what, string target) => StatusAsync(what switch
    {
        "create" => host.PostAsync(Administration.Root, token, new { id = NewName("made"), password = NewPassword() }),
        "set password" => host.PutAsync($"{Administration.PathOf(target)}/password", token, new { password = NewPassword() }),
        _ => host.PatchAsync(Administration.PathOf(target), token, new { password = NewPassword() }),
    });

    private static string EventOf(string what) => what switch
    {
        "create" => "principal_created",
        "set password" => "password_set",
        _ => "principal_changed",
    };

    private static Task<HttpResponseMessage> DemoteAsync(AuthHost host, string id, string token) =>
        host.PatchAsync(Administration.PathOf(id), token, new JsonObject { ["role"] = "USER" });

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return response.StatusCode;
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : WaitingCallTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : WaitingCallTests(twins);
}
