using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.CommandLine;

/// <summary>People can be managed from the shell of the machine.</summary>
public abstract class UserCommandTests(AuthHost host)
{
    private const string CommandLine = "(command line)";

    [Fact]
    public async Task Somebody_who_was_added_signs_in_with_all_that_was_said_of_them()
    {
        var (id, password) = (NewName("ada"), $"P\u00E4ssw\u00F6rd {NewPassword()}");

        string[] said = ["--role", "ADMIN", "--first-names", "Ada", "--last-name", "L\u00F6w", "--email", "ada@example.com", "--can-impersonate"];

        var added = await host.RunProcessAsync(["user", "add", id, .. said], password);

        Assert.Equal($"{id} was added.", added.Line);
        Assert.DoesNotContain(password, added.Output + added.Errors, StringComparison.Ordinal);
        var token = (await host.LoginAsync(id, password)).AccessToken;
        await host.GetAsync("/admin/principals", token).ExpectAsync(HttpStatusCode.OK);
        var shown = await host.ShowAsync(id);
        Assert.Equal(("Ada", "L\u00F6w", "ada@example.com"), (shown.Text("firstNames"), shown.Text("lastName"), shown.Text("email")));
        Assert.True(shown.GetProperty("canImpersonate").GetBoolean());
        Assert.Equal($"{CommandLine} principal_created {id} SUCCESS", (await RowsOfAsync(id, "principal_created"))[0], ignoreCase: true);
    }

    [Fact]
    public async Task Without_a_role_it_is_a_user()
    {
        var (id, password) = ($"@{NewName("bob")}", NewPassword());

        (await host.RunAsync(["user", "add", id], $"{password}\r\nand what follows is no part of it")).Expect(0);

        Assert.Equal("USER", Requests.ClaimsOf((await host.LoginAsync(id, password)).AccessToken).Text("role"));
    }

    [Fact]
    public async Task Second_factors_are_shown_and_removed_and_the_sessions_end()
    {
        var guarded = await host.GuardedAsync();
        var id = guarded.Person.Id;
        await host.RecoveryCodesAsync(guarded);
        var session = await host.LoginAsync(guarded);
        var shown = await host.RunProcessAsync(["user", "factors", id]);
        Assert.Equal($"{id} has an authenticator app and 10 recovery codes, and 0 passkeys.", shown.Line);

        var removed = await host.RunProcessAsync(["user", "remove-factors", id.ToUpperInvariant()]);

        Assert.Equal($"{id} has no second factor; their sessions have ended.", removed.Line);
        Assert.Equal($"{id} has no second factor.", (await host.RunAsync(["user", "factors", id])).Line);
        await host.ExpectEndedAsync(session);
        await host.LoginAsync(guarded.Person);
    }

    [Theory]
    [InlineData("", "1 to 256")]
    [InlineData("Short-1", "8")]
    [InlineData("password123", "")]
    public async Task A_password_that_is_missing_weak_or_short_is_refused(string password, string words)
    {
        var id = NewName("weak");

        var refused = (await host.RunAsync(["user", "add", id], password)).Refused(1, words);

        Assert.NotEmpty(refused.Errors.Trim());
        await host.GetAsync(Administration.PathOf(id), await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_id_in_use_in_other_letters_or_of_a_wrong_form_is_refused()
    {
        var person = await host.CreatePersonAsync();

        (await host.RunAsync(["user", "add", person.Id.ToUpperInvariant()], NewPassword())).Refused(1, "is in use");
        (await host.RunAsync(["user", "add", NewName("_service")], NewPassword())).Refused(1, "begins with");
        (await host.RunAsync(["user", "add", "a\nb"], NewPassword())).Refused(1, "control character");
        await host.LoginAsync(person);
    }

    [Fact]
    public async Task A_new_password_ends_the_old_one_and_every_session()
    {
        var (person, password) = (await host.CreatePersonAsync(), NewPassword());
        var session = await host.LoginAsync(person);

        var set = await host.RunProcessAsync(["user", "password", person.Id.ToUpperInvariant()], password);

        Assert.Contains(person.Id, set.Line, StringComparison.Ordinal);
        await host.ExpectEndedAsync(session);
        await host.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.LoginAsync(person.Id, password);
        Assert.Equal($"{CommandLine} password_set {person.Id} SUCCESS", (await RowsOfAsync(person.Id, "password_set"))[0], ignoreCase: true);
    }

    [Fact]
    public async Task A_refused_password_changes_nothing()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);

        (await host.RunAsync(["user", "password", person.Id], "Short-1")).Refused(1, "8");
        (await host.RunAsync(["user", "password", (await host.CreateServiceAsync()).Id], NewPassword())).Refused(1, "person");
        (await host.RunAsync(["user", "password", "nobody-of-this-name"], NewPassword())).Refused(1, "nobody-of-this-name");

        await host.UseAsync(session);
        await host.LoginAsync(person);
    }

    [Fact]
    public async Task Somebody_who_was_disabled_is_out_at_once()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);

        (await host.RunProcessAsync(["user", "disable", person.Id])).Expect(0);

        await host.ExpectEndedAsync(session);
        await host.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("DISABLED", (await host.ShowAsync(person.Id)).Text("state"));
        Assert.Equal($"{CommandLine} principal_changed {person.Id} SUCCESS", (await RowsOfAsync(person.Id, "principal_changed"))[0], ignoreCase: true);
    }

    [Fact]
    public async Task A_lock_is_forgotten()
    {
        var person = await host.CreatePersonAsync();
        using (host.Clock.Freeze())
        {
            await host.FailAsync(person.Id, 5);
            await host.LockedForAsync(person.Id, person.Password);

            (await host.RunProcessAsync(["user", "unlock", person.Id])).Expect(0);

            await host.LoginAsync(person);
        }

        Assert.Equal($"{CommandLine} unlocked {person.Id} SUCCESS", (await RowsOfAsync(person.Id, "unlocked"))[0], ignoreCase: true);
    }

    private async Task<string[]> RowsOfAsync(string id, string name) =>
        [.. (await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={Uri.EscapeDataString(id)}&event={name}")).Select(row => row.Line())];

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : UserCommandTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : UserCommandTests(store.Host);
}
