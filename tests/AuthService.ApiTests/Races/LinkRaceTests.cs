using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>Links of mails are used at the same time, on both instances.</summary>
public abstract class LinkRaceTests(Twins twins)
{
    [Fact]
    public Task Of_a_few_who_use_a_link_for_a_new_password_one_sets_it() =>
        twins.PlayAsync("one link for a new password, a few at once", Effort.Of(20, 1_000), async round =>
        {
            var (person, address) = await twins.One.ReachablePersonAsync();
            var before = await round.Either().LoginAsync(person);
            await round.Either().RequestResetAsync(address);
            var token = await twins.Mails.TokenAsync(address, Mailbox.Reset);
            var passwords = Enumerable.Range(0, round.Between(2, 5)).Select(_ => NewPassword()).ToArray();

            var statuses = await round.AtOnceAsync(passwords.Length, (instance, i) => StatusAsync(() => instance.Http.TryResetAsync(token, passwords[i])));

            var winner = ExpectOne(statuses, HttpStatusCode.OK);
            await round.Either().LoginAsync(person.Id, passwords[winner]);
            await round.Either().TryRefreshAsync(before.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
            Assert.Equal(1, await CountAsync(person, "password_set"));
        });

    /// <summary>A password that one link sets is not set again by the other.</summary>
    [Fact]
    public Task Of_two_links_for_a_new_password_one_sets_it() =>
        twins.PlayAsync("two links for a new password at once", Effort.Of(10, 1_000), async round =>
        {
            var (person, address) = await twins.One.ReachablePersonAsync();
            await round.Either().RequestResetAsync(address);
            await round.Either().RequestResetAsync(address);
            var tokens = (await twins.Mails.WaitForAsync(address, Mailbox.Reset, mails: 2)).Select(Mailbox.TokenOf).ToArray();
            var passwords = tokens.Select(_ => NewPassword()).ToArray();

            var statuses = await round.AtOnceAsync(2, (instance, i) => StatusAsync(() => instance.Http.TryResetAsync(tokens[i], passwords[i])));

            await round.Either().LoginAsync(person.Id, passwords[ExpectOne(statuses, HttpStatusCode.OK)]);
        });

    [Fact]
    public Task Of_a_few_who_use_a_link_to_an_address_one_confirms_it() =>
        twins.PlayAsync("one link to an address, a few at once", Effort.Of(20, 1_000), async round =>
        {
            var (person, next) = (await twins.One.CreatePersonAsync(), Mailbox.NewAddressOf("next"));
            var session = await round.Either().LoginAsync(person);
            await round.Either().TryChangeEmailAsync(session.AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);
            var token = await twins.Mails.TokenAsync(next, Mailbox.Confirm);

            var statuses = await round.AtOnceAsync(round.Between(2, 5), (instance, _) =>
                StatusAsync(() => instance.TryUseAsync(RecoveryCalls.Confirm, token)));

            ExpectOne(statuses, HttpStatusCode.NoContent);
            Assert.Equal(1, await CountAsync(person, "email_confirmed"));
        });

    [Fact]
    public Task Of_two_addresses_that_are_asked_for_at_once_one_can_be_confirmed() =>
        twins.PlayAsync("two addresses asked for at once", Effort.Of(10, 1_000), async round =>
        {
            var person = await twins.One.CreatePersonAsync();
            var session = await round.Either().LoginAsync(person);
            string[] addresses = [Mailbox.NewAddressOf("one"), Mailbox.NewAddressOf("other")];
            var asked = await round.AtOnceAsync(2, (instance, i) => StatusAsync(() => instance.TryChangeEmailAsync(session.AccessToken, addresses[i])));
            Assert.All(asked, status => Assert.Equal(HttpStatusCode.Accepted, status));
            var tokens = await Task.WhenAll(addresses.Select(address => twins.Mails.TokenAsync(address, Mailbox.Confirm)));

            var statuses = await round.AtOnceAsync(2, (instance, i) => StatusAsync(() => instance.TryUseAsync(RecoveryCalls.Confirm, tokens[i])));

            ExpectOne(statuses, HttpStatusCode.NoContent);
        });

    [Fact]
    public Task Of_a_few_who_say_that_it_was_not_them_one_is_heard() =>
        twins.PlayAsync("one \"it wasn't me\", a few at once", Effort.Of(20, 1_000), async round =>
        {
            var (person, token) = await NoticedAsync(round);

            var statuses = await round.AtOnceAsync(round.Between(2, 5), (instance, _) => StatusAsync(() => instance.TryUseAsync(RecoveryCalls.NotMe, token)));

            ExpectOne(statuses, HttpStatusCode.NoContent);
            Assert.Equal(1, await CountAsync(person, "not_me_reported"));
        });

    [Fact]
    public Task Once_it_was_not_them_no_sign_in_with_the_password_holds() =>
        twins.PlayAsync("\"it wasn't me\" against sign-ins", Effort.Of(20, 1_000), async round =>
        {
            var (person, token) = await NoticedAsync(round);

            var signingIn = round.Start(3, (instance, _) => Repeats.WhileUnavailableAsync(() => instance.TryLoginAsync(person.Id, person.Password)));
            await round.PauseAsync();
            var (instance, other) = (round.Either(), round.Either());
            await Repeats.WhileUnavailableAsync(() => instance.TryUseAsync(RecoveryCalls.NotMe, token)).ExpectAsync(HttpStatusCode.NoContent);

            foreach (var answer in await Task.WhenAll(signingIn))
            {
                using var signedIn = answer;
                if (signedIn.StatusCode is HttpStatusCode.OK)
                    await other.TryRefreshAsync((await signedIn.ExpectAsync(HttpStatusCode.OK)).Text("refreshToken")).ExpectAsync(HttpStatusCode.Unauthorized);
            }
        });

    /// <summary>Creates a person who has chosen a new password, and gets the token of the notice about it.</summary>
    private async Task<(Person Person, string Token)> NoticedAsync(Round round)
    {
        var (person, address) = await twins.One.ReachablePersonAsync();
        var (session, next) = (await round.Either().LoginAsync(person), NewPassword());
        var change = new { currentPassword = person.Password, newPassword = next };
        await round.Either().PutAsync("/account/password", session.AccessToken, change).ExpectAsync(HttpStatusCode.NoContent);
        return (person with { Password = next }, await twins.Mails.TokenAsync(address, Mailbox.NewPassword));
    }

    private Task<long> CountAsync(Person person, string name) =>
        twins.One.Database.CountAsync($"audit_events WHERE principal = '{person.Id}' AND event = '{name}' AND outcome = 0");

    /// <returns>The index of that status.</returns>
    private static int ExpectOne(HttpStatusCode[] statuses, HttpStatusCode done)
    {
        Assert.Single(statuses, status => status == done);
        Assert.Equal(statuses.Length - 1, statuses.Count(status => status is HttpStatusCode.BadRequest));
        return Array.IndexOf(statuses, done);
    }

    private static async Task<HttpStatusCode> StatusAsync(Func<Task<HttpResponseMessage>> send)
    {
        using var response = await Repeats.WhileUnavailableAsync(send);
        return response.StatusCode;
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : LinkRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : LinkRaceTests(twins);
}
