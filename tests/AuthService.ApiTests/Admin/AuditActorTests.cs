using System.Net;
using System.Text.Json;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.CommandLine;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using AuthService.ApiTests.Sessions;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Admin;

/// <summary>An audit entry says which kind of actor it has, and with which credential the actor called.</summary>
public abstract class AuditActorTests(AuthHost host)
{
    [Fact]
    public async Task The_session_of_the_actor_is_on_record()
    {
        var (person, admin) = (await host.SignedInPersonAsync(), await host.AdminTokenAsync());
        var adminSession = Requests.ClaimsOf(admin).Text("sid");
        var (other, jti) = (await host.CreatePersonAsync(), NewName("jti"));

        await ExpectActorAsync(() => host.DeleteAsync("/account/auth/sessions/all", person.AccessToken), HttpStatusCode.OK, person.SessionId, apiKey: null);
        await ExpectActorAsync(() => host.TryClaimAsync(admin, jti), HttpStatusCode.NoContent, adminSession, apiKey: null);
        var session = await host.LoginAsync(other);
        await ExpectActorAsync(() => host.DeleteAsync($"/sessions/{session.SessionId}", admin), HttpStatusCode.NoContent, adminSession, apiKey: null);
        await ExpectActorAsync(() => host.PostAsync($"{Administration.PathOf(other.Id)}/unlock", admin), HttpStatusCode.NoContent, adminSession, apiKey: null);
    }

    [Fact]
    public async Task The_API_key_of_the_actor_is_on_record()
    {
        var (key, person, jti) = (await host.NewApiKeyAsync(), await host.CreatePersonAsync(), NewName("jti"));
        var client = new OAuthClient(key.Owner, key.Key);
        var (byId, byToken) = (await host.LoginAsync(person), await host.LoginAsync(person));

        await ExpectActorAsync(() => host.TryOpenAsync(key.Key, person.Uuid), HttpStatusCode.Created, session: null, key.Id);
        await ExpectActorAsync(() => host.TryClaimAsync(key.Key, jti), HttpStatusCode.NoContent, session: null, key.Id);
        await ExpectActorAsync(() => host.TryClaimAsync(key.Key, jti), HttpStatusCode.Conflict, session: null, key.Id);
        await ExpectActorAsync(() => host.DeleteAsync($"/sessions/{byId.SessionId}", key.Key), HttpStatusCode.NoContent, session: null, key.Id);
        await ExpectActorAsync(
            () => host.PostFormAsync("/oauth/revoke", [("token", byToken.RefreshToken)], client.Basic), HttpStatusCode.OK, session: null, key.Id);
    }

    [Fact]
    public async Task Commands_the_service_itself_and_nobody_are_no_principals()
    {
        var (person, nobody) = (await host.CreatePersonAsync(), NewName("nobody"));
        var (session, admin) = (await host.LoginAsync(person), await host.NewAdminTokenAsync()); // a later sign-in would be the newest entry
        (await host.RunAsync(["session", "revoke", "--session", session.SessionId])).Expect(0);
        await host.TryLoginAsync(nobody, "wrong").RefusedAsync(HttpStatusCode.Unauthorized);

        Assert.Equal((null, null), ActorOf((await host.AuditAsync(admin, "?event=sign_in&limit=1"))[0]));
        Assert.Equal(("(command line)", "command_line"), ActorOf((await EntriesAsync($"?event=session_revoked&principal={person.Id}"))[0]));
        Assert.Equal((null, "service"), ActorOf(Assert.Single(await EntriesAsync($"?event=principal_created&principal={AuthHost.AdminId}"))));
    }

    /// <summary>A principal with such an id can exist from the time before the service refused it.</summary>
    [Fact]
    public async Task A_principal_who_is_called_like_the_command_line_is_a_principal()
    {
        await using var own = await host.StartAnotherAsync();
        var person = await own.CreatePersonAsync();
        await own.Database.ExecuteAsync($"UPDATE principals SET id = '(command line)', folded_id = '(command line)' WHERE id = '{person.Id}'");

        await own.LoginAsync("(command line)", person.Password);

        var entry = Assert.Single(await own.AuditAsync(await own.AdminTokenAsync(), "?event=sign_in&principal=(command%20line)"));
        Assert.Equal(("(command line)", "principal"), ActorOf(entry));
        await own.DeleteAsync(Administration.PathOf("(command line)"), await own.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("somebody", "command_line")]
    [InlineData("(command line)", "principal")]
    public async Task The_migration_marks_the_entries_of_commands_unless_somebody_is_called_so(string person, string kind)
    {
        await using var database = await TestDatabase.CreateAsync(host.Database.Store);
        var options = new DbContextOptionsBuilder<AuthDbContext>();
        _ = database.IsPostgres ? options.UseNpgsql(database.ConnectionString) : options.UseSqlite(database.ConnectionString);
        await using var context = new AuthDbContext(options.Options);
        var migrator = context.GetService<IMigrator>();
        await migrator.MigrateAsync("20261127180000_AppTokenSessions");
        await database.ExecuteAsync($"""
            INSERT INTO principals (id, folded_id, uuid, type, role, state, search_text, can_impersonate, agreement_accepted,
                                    password_reset_requested, security_stamp, created_at)
            VALUES ('{person}', '{person}', '{Guid.NewGuid()}', 0, 0, 0, '', FALSE, TRUE, FALSE, 0, 0)
            """);
        await database.ExecuteAsync(
            "INSERT INTO audit_events (at, event, outcome, actor) VALUES (0, 'unlocked', 0, '(command line)'), (0, 'unlocked', 0, 'ada')");

        await migrator.MigrateAsync();

        Assert.Equal(kind is "command_line" ? 1 : 0, await database.CountAsync("audit_events WHERE actor = '(command line)' AND actor_kind = 2"));
        Assert.Equal(kind is "command_line" ? 1 : 2, await database.CountAsync("audit_events WHERE actor_kind = 0"));
    }

    private async Task ExpectActorAsync(Func<Task<HttpResponseMessage>> call, HttpStatusCode status, string? session, string? apiKey)
    {
        var entry = Assert.Single(await host.RowsOfAsync(await host.AdminTokenAsync(), call, status));
        Assert.Equal("principal", entry.Text("actorKind"));
        Assert.Equal((session, apiKey), (entry.GetProperty("actorSessionId").GetString(), entry.GetProperty("actorApiKeyId").GetString()));
    }

    private async Task<JsonElement[]> EntriesAsync(string query) => await host.AuditAsync(await host.AdminTokenAsync(), query);

    private static (string? Actor, string? Kind) ActorOf(JsonElement entry) =>
        (entry.GetProperty("actor").GetString(), entry.GetProperty("actorKind").GetString());

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : AuditActorTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : AuditActorTests(store.Host);
}
