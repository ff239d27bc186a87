using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.IdentityProviders;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>
/// Sign-ins with an identity provider end at the same time, on two more instances on the same database. The provider accepts a code any number of times,
/// so that only the service makes its answer count once.
/// </summary>
public abstract class ProviderRaceTests(Twins twins) : IAsyncLifetime
{
    /// <summary>The claims of each sign-in, by its nonce.</summary>
    private readonly ConcurrentDictionary<string, (string Subject, string? Name)> _claims = new(StringComparer.Ordinal);

    private PlainProvider _provider = null!;
    private AuthHost[] _instances = [];

    public async Task InitializeAsync()
    {
        _provider = await PlainProvider.StartAsync(twins.One.Clock);
        (_provider.AcceptsCodesAgain, _provider.Alter) = (true, AddClaims);
        var settings = twins.Settings(_provider.SettingsFor("Example Corp"));
        _instances = [await twins.One.StartTwinAsync(settings), await twins.One.StartTwinAsync(settings)];
    }

    public async Task DisposeAsync()
    {
        foreach (var instance in _instances)
            await instance.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public Task Of_a_few_who_bring_one_answer_of_the_provider_one_signs_in() =>
        twins.PlayAsync("one answer of a provider, a few at once", Effort.Of(20, 1_000), async round =>
        {
            var (subject, browser) = (NewName("sub"), new ProviderBrowser(round.OneOf(_instances)));
            var address = await browser.LandAsync(await AuthorizeAsync(browser, subject, name: null));
            var copies = Enumerable.Range(0, round.Between(2, 4)).Select(i => browser.CopyTo(_instances[i % 2])).ToArray();

            var statuses = await round.AtOnceAsync(copies.Length, (_, i) => StatusAsync(copies[i].GetAsync(address)));

            Assert.Single(statuses, status => status is HttpStatusCode.OK);
            Assert.Equal(copies.Length - 1, statuses.Count(status => status is HttpStatusCode.Found)); // to the provider, to begin again
            Assert.Equal((1L, 1L), (await CountSessionsAsync(subject), await CountEntriesAsync(subject, "sign_in")));
        });

    /// <summary>The name and the address from the provider are free, or there is no name, so that only the subject is the same.</summary>
    [Fact]
    public Task Of_two_browsers_with_one_new_identity_both_sign_in_as_one_person() =>
        twins.PlayAsync("first sign-ins of one identity, two browsers", Effort.Of(20, 1_000), async round =>
        {
            var (subject, name) = (NewName("sub"), round.Maybe() ? NewName("ada") : null);
            var browsers = _instances.Select(instance => new ProviderBrowser(instance)).ToArray();
            var callbacks = await Task.WhenAll(browsers.Select(browser => AuthorizeAsync(browser, subject, name)));

            var statuses = await round.AtOnceAsync(browsers.Length, (_, i) => StatusAsync(browsers[i].ComeBackAsync(callbacks[i])));

            Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
            var person = Assert.Single(browsers.Select(PersonIn).Distinct(StringComparer.Ordinal));
            Assert.Equal(name ?? AddressOf(subject), person);
            Assert.Equal(1, await twins.One.Database.CountAsync($"identity_links WHERE subject = '{subject}'"));
            Assert.Equal(1, await twins.One.Database.CountAsync($"principals WHERE email = '{AddressOf(subject)}'"));
            Assert.Equal((1L, 1L), (await CountEntriesAsync(subject, "principal_created"), await CountEntriesAsync(subject, "identity_linked")));
            Assert.Equal((2L, 2L), (await CountSessionsAsync(subject), await CountEntriesAsync(subject, "sign_in")));
        });

    private static string AddressOf(string subject) => $"{subject}@example.com";

    private static string PersonIn(ProviderBrowser browser) => Requests.ClaimsOf(browser.AuthState().Text("accessToken")).Text("sub");

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> call)
    {
        using var response = await call;
        return response.StatusCode;
    }

    /// <summary>Begins a sign-in, which the provider allows.</summary>
    /// <returns>The callback address.</returns>
    private async Task<Uri> AuthorizeAsync(ProviderBrowser browser, string subject, string? name)
    {
        var address = await browser.StartAsync();
        _claims[QueryHelpers.ParseQuery(address.Query)["nonce"].ToString()] = (subject, name);
        return await ProviderBrowser.AuthorizeAsync(address);
    }

    private void AddClaims(JsonObject payload)
    {
        var (subject, name) = _claims[$"{payload["nonce"]}"];
        (payload["sub"], payload["email"], payload["email_verified"]) = (subject, AddressOf(subject), true);
        if (name is not null)
            payload["preferred_username"] = name;
    }

    private Task<long> CountSessionsAsync(string subject) => twins.One.Database.CountAsync(
        $"sessions JOIN identity_links ON identity_links.principal_number = sessions.principal_number WHERE subject = '{subject}'");

    private Task<long> CountEntriesAsync(string subject, string name) => twins.One.Database.CountAsync(
        $"""
        audit_events JOIN principals ON principals.id = principal JOIN identity_links ON principal_number = principals.number
        WHERE subject = '{subject}' AND event = '{name}' AND outcome = 0
        """);

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : ProviderRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : ProviderRaceTests(twins);
}
