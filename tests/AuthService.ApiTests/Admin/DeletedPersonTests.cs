using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Sessions;
using AuthService.Principals;
using Xunit;

namespace AuthService.ApiTests.Admin;

/// <summary>Deleting a person also deletes their rows in other tables: second factors, passkeys, devices and challenges.</summary>
public abstract class DeletedPersonTests(AuthHost host)
{
    private static readonly string[] Tables = ["totp_factors", "recovery_codes", "passkeys", "known_devices", "sign_in_challenges"];

    [Fact]
    public async Task It_goes_with_them_and_nobody_elses_does()
    {
        var (deleted, other) = (await EquippedAsync(host), await EquippedAsync(host));

        await host.DeletePersonAsync(deleted);

        foreach (var table in Tables)
            Assert.Equal((table, 0), (table, await CountAsync(host, table, deleted)));
        await ExpectAllAsync(host, other);
    }

    [Fact]
    public async Task That_of_people_whom_an_earlier_version_deleted_goes_with_the_clean_up()
    {
        await using var own = await host.StartAnotherAsync(new() { ["CleanUp:Interval"] = "1.00:00:00" });
        var (deleted, other) = (await EquippedAsync(own), await EquippedAsync(own));
        await own.Database.ExecuteAsync($"UPDATE principals SET state = {(int)PrincipalState.Deleted} WHERE id = '{deleted.Id}'");
        await ExpectAllAsync(own, deleted);

        await using var twin = await own.StartTwinAsync(new() { ["CleanUp:Interval"] = "00:00:00.200" });

        foreach (var table in Tables)
            await Eventually.CountsAsync(twin, RowsOf(table, deleted), 0);
        await ExpectAllAsync(own, other);
    }

    private static string RowsOf(string table, Person person) =>
        $"{table} WHERE principal_number = (SELECT number FROM principals WHERE id = '{person.Id}')";

    private static Task<long> CountAsync(AuthHost host, string table, Person person) => host.Database.CountAsync(RowsOf(table, person));

    private static async Task ExpectAllAsync(AuthHost host, Person person)
    {
        foreach (var table in Tables)
            Assert.True(await CountAsync(host, table, person) > 0, $"{table} has nothing of {person.Id}");
    }

    /// <summary>Creates a person with an authenticator app, recovery codes, a passkey, a known device and an unfinished passkey registration.</summary>
    private static async Task<Person> EquippedAsync(AuthHost host)
    {
        var person = await host.CreatePersonAsync();
        await host.SignInAtBrowserAsync(person);
        var guarded = await host.GuardedAsync(person);
        await host.RecoveryCodesAsync(guarded);
        using var authenticator = new SoftwareAuthenticator();
        await host.AddPasskeyAsync(guarded.Session.AccessToken, authenticator);
        await host.NewPasskeyPromptAsync(guarded.Session.AccessToken);
        return person;
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : DeletedPersonTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : DeletedPersonTests(store.Host);
}
