using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>A person's address changes while a sign-in is linked by this address. SQLite allows only one writer, so this needs PostgreSQL.</summary>
[Collection("postgres")]
public sealed class LinkingRaceTests(PostgresStore store)
{
    private readonly AuthHost _host = store.Host;

    /// <summary>An address with a ligature can be another mailbox, although the lookup of persons finds it.</summary>
    [Fact]
    public async Task One_that_is_only_written_alike_by_then_links_nobody()
    {
        await using var provider = await PlainProvider.StartAsync(_host.Clock);
        await using var linking = await _host.StartTwinAsync(provider.SettingsFor("Example Corp").With(
            new() { ["IdentityProviders:0:LinkByVerifiedEmail"] = "true" }));
        var (person, address) = await linking.ReachablePersonAsync("finn");
        await linking.Database.ExecuteAsync($"UPDATE principals SET email_verified_at = 1 WHERE id = '{person.Id}'");
        provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["email"] = address, ["email_verified"] = true };
        var lookAlike = address.Replace("fi", "\uFB01", StringComparison.Ordinal);
        await using var change = await linking.Database.BeginAsync($"UPDATE principals SET email = '{lookAlike}' WHERE id = '{person.Id}'");

        var signIn = new ProviderBrowser(linking).SignInAsync();
        await UntilItWaitsForThePersonAsync();
        await change.Transaction.CommitAsync();

        await (await signIn).ExpectProblemAsync(HttpStatusCode.Forbidden, "has the e-mail address");
    }

    private async Task UntilItWaitsForThePersonAsync()
    {
        const string Waiting = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%principals%'";
        for (var tries = 0; await _host.Database.CountAsync(Waiting) is 0; tries++)
        {
            Assert.True(tries < 600, "Nobody waits for the person");
            await Task.Delay(50);
        }
    }
}
