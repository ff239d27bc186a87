using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using Xunit;

namespace AuthService.ApiTests.Account;

/// <summary>People see whether they have a password, how long a new one must be, and whether a mail can bring one.</summary>
public abstract class OwnPasswordTests(AuthHost host)
{
    [Theory]
    [InlineData("USER", 8)]
    [InlineData("ADMIN", 15)]
    public async Task The_length_is_that_of_the_role(string role, int length)
    {
        var person = await host.CreatePersonAsync(new() { ["role"] = role });

        var shown = await ShowAsync(host, (await host.LoginAsync(person)).AccessToken);

        Assert.Equal(["byMail", "isSet", "minimumLength"], shown.MemberNames());
        Assert.True(shown.GetProperty("isSet").GetBoolean());
        Assert.Equal(length, shown.GetProperty("minimumLength").GetInt32());
    }

    [Fact]
    public async Task Who_has_none_is_told_so()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);

        await host.Database.ExecuteAsync($"UPDATE principals SET password_hash = NULL WHERE id = '{person.Id}'");

        Assert.False((await ShowAsync(host, session.AccessToken)).GetProperty("isSet").GetBoolean());
    }

    [Fact]
    public async Task A_mail_comes_to_an_address_that_counts_where_mails_are_sent()
    {
        await using var strict = await host.StartTwinAsync(new() { ["Recovery:TrustUnconfirmedAddresses"] = "false" });
        var (none, (unconfirmed, _), (confirmed, _)) =
            (await host.CreatePersonAsync(), await host.ReachablePersonAsync(), await host.ReachablePersonAsync());
        await host.Database.ExecuteAsync($"UPDATE principals SET email_verified_at = 1 WHERE id = '{confirmed.Id}'");

        Assert.Equal((false, true, true), (await IsByMailAsync(host, none), await IsByMailAsync(host, unconfirmed), await IsByMailAsync(host, confirmed)));
        Assert.Equal((false, true), (await IsByMailAsync(strict, unconfirmed), await IsByMailAsync(strict, confirmed)));
    }

    [Fact]
    public async Task Where_no_mail_is_sent_none_comes()
    {
        await using var silent = await host.StartTwinAsync(new() { ["environment"] = "Production" });
        var (person, _) = await host.ReachablePersonAsync();

        Assert.False(await IsByMailAsync(silent, person));
    }

    private static async Task<bool> IsByMailAsync(AuthHost at, Person person) =>
        (await ShowAsync(at, (await at.LoginAsync(person)).AccessToken)).GetProperty("byMail").GetBoolean();

    private static Task<JsonElement> ShowAsync(AuthHost at, string token) =>
        at.GetAsync(AccountCalls.Password, token).ExpectAsync(HttpStatusCode.OK);

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : OwnPasswordTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : OwnPasswordTests(store.Host);
}
