using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Sessions;
using Xunit;
using static AuthService.ApiTests.Signals.SignalCalls;

namespace AuthService.ApiTests.Signals;

/// <summary>Receivers poll for their SETs (RFC 8936).</summary>
public abstract class PollTests(AuthHost host)
{
    [Fact]
    public async Task A_SET_is_given_again_until_it_is_acknowledged()
    {
        var subscriber = await VerifiedAsync();

        var first = Assert.Single((await PollAsync(subscriber)).GetProperty("sets").EnumerateObject());
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        var second = Assert.Single((await PollAsync(subscriber)).GetProperty("sets").EnumerateObject());

        Assert.Equal(first.Name, second.Name);
        Assert.Equal(Claims(first.Value.GetString()!).GetRawText(), Claims(second.Value.GetString()!).GetRawText());
        Assert.Equal(first.Name, Claims(first.Value.GetString()!).Text("jti"));
        var rest = await host.PollAsync(subscriber, new { returnImmediately = true, ack = new[] { first.Name } });
        Assert.Empty(rest.GetProperty("sets").EnumerateObject());
        Assert.False(rest.GetProperty("moreAvailable").GetBoolean());
    }

    [Fact]
    public async Task What_is_acknowledged_twice_or_by_another_changes_nothing()
    {
        var (subscriber, other) = (await VerifiedAsync(), await VerifiedAsync());
        var id = Assert.Single((await PollAsync(subscriber)).GetProperty("sets").EnumerateObject()).Name;

        var strange = new { returnImmediately = true, ack = new[] { id, "no id", Guid.NewGuid().ToString() } };
        Assert.Single((await host.PollAsync(other, strange)).GetProperty("sets").EnumerateObject());
        Assert.Single((await PollAsync(subscriber)).GetProperty("sets").EnumerateObject());
        Assert.Empty((await host.PollAsync(subscriber, strange)).GetProperty("sets").EnumerateObject());
        Assert.Empty((await host.PollAsync(subscriber, strange)).GetProperty("sets").EnumerateObject());
        Assert.Single((await PollAsync(other)).GetProperty("sets").EnumerateObject());
    }

    [Fact]
    public async Task A_SET_that_the_receiver_refuses_does_not_come_again()
    {
        var subscriber = await VerifiedAsync();
        var id = Assert.Single((await PollAsync(subscriber)).GetProperty("sets").EnumerateObject()).Name;

        var errors = new JsonObject { [id] = new JsonObject { ["err"] = "invalid_state", ["description"] = "?" } };
        var refusal = new JsonObject { ["returnImmediately"] = true, ["setErrs"] = errors };
        Assert.Empty((await host.PollAsync(subscriber, refusal)).GetProperty("sets").EnumerateObject());

        await Eventually.LoggedAsync(host, "invalid_state");
    }

    [Fact]
    public async Task No_more_come_than_are_asked_for_and_the_oldest_first()
    {
        var subscriber = await host.SubscribeAsync();
        var people = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var person = await host.CreatePersonAsync();
            people.Add(person.Id);
            await host.PostAsync("/auth/logout", (await host.LoginAsync(person)).RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
            await subscriber.ExpectAsync(SessionRevoked, person.Id);
        }

        var two = await host.PollAsync(subscriber, new { maxEvents = 2, returnImmediately = true });
        var none = await host.PollAsync(subscriber, new { maxEvents = 0 });

        Assert.Equal(people.Take(2), ClaimsIn(two).Select(UserOf), StringComparer.Ordinal);
        Assert.True(two.GetProperty("moreAvailable").GetBoolean());
        Assert.Empty(none.GetProperty("sets").EnumerateObject());
        Assert.True(none.GetProperty("moreAvailable").GetBoolean());
        var acknowledged = two.GetProperty("sets").EnumerateObject().Select(set => set.Name).ToArray();
        Assert.Equal(people.Skip(2), ClaimsIn(await host.PollAsync(subscriber, new { ack = acknowledged })).Select(UserOf), StringComparer.Ordinal);
    }

    [Fact]
    public async Task However_many_a_poll_refuses_they_are_deleted_by_one_statement()
    {
        await using var own = await host.StartAnotherAsync(new() { ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command"] = "Information" });
        var subscriber = await own.SubscribeAsync();
        foreach (var person in new[] { await own.SignedInPersonAsync(), await own.SignedInPersonAsync(), await own.SignedInPersonAsync() })
            await own.PostAsync("/auth/logout", person.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await Eventually.CountsAsync(own, "signal_sets", 3);
        var sets = (await own.PollAsync(subscriber, new { returnImmediately = true })).GetProperty("sets").EnumerateObject().Select(set => set.Name).ToList();
        var errors = sets[..2].Concat(Enumerable.Range(0, 98).Select(_ => $"{Guid.NewGuid()}"))
            .Select(id => KeyValuePair.Create<string, JsonNode?>(id, new JsonObject { ["err"] = $"refused {id}" }));

        var refusal = new JsonObject { ["returnImmediately"] = true, ["setErrs"] = new JsonObject(errors) };
        var left = await own.PollAsync(subscriber, refusal);

        Assert.Equal(sets[2], Assert.Single(left.GetProperty("sets").EnumerateObject()).Name);
        Assert.Equal(1, LinesWith("DELETE FROM signal_sets WHERE stream_id = @p0 AND id"));
        Assert.Equal([1, 1, 0], sets.Select(id => LinesWith($"dropped: refused {id}")));

        int LinesWith(string words) => own.Log.Lines.Count(line => line.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_poll_waits_for_what_happens()
    {
        var subscriber = await host.SubscribeAsync(new { events_requested = new[] { Purged } });
        var person = await host.CreatePersonAsync();

        var polling = host.PollAsync(subscriber, new { });
        await Task.Delay(500);
        Assert.False(polling.IsCompleted);
        var waited = Stopwatch.StartNew();
        await host.DeletePersonAsync(person);

        Assert.Contains(ClaimsIn(await polling), claims => UserOf(claims) == person.Id);
        Assert.True(waited.Elapsed < TimeSpan.FromSeconds(25), $"{waited.Elapsed}");
    }

    [Fact]
    public async Task A_paused_stream_keeps_what_happens_for_later()
    {
        var subscriber = await VerifiedAsync();
        await host.SetStatusAsync(subscriber, "paused");
        var person = await host.CreatePersonAsync();
        await host.PostAsync("/auth/logout", (await host.LoginAsync(person)).RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await Eventually.TrueAsync(async () => await host.Database.CountAsync($"signal_sets WHERE claims LIKE '%{person.Id}%'") > 0);
        Assert.Empty((await PollAsync(subscriber)).GetProperty("sets").EnumerateObject());
        await host.SetStatusAsync(subscriber, "enabled");

        var told = (await subscriber.PeekAsync()).Where(claims => UserOf(claims) is null || UserOf(claims) == person.Id);
        Assert.Equal([Verification, SessionRevoked], told.Select(EventOf), StringComparer.Ordinal);
    }

    [Fact]
    public async Task After_a_week_a_SET_is_forgotten()
    {
        var subscriber = await VerifiedAsync();

        host.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        var token = await TokenOfAsync(subscriber);
        Assert.Single((await PollAsync(subscriber with { Token = token })).GetProperty("sets").EnumerateObject());
        host.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Empty((await PollAsync(subscriber with { Token = token })).GetProperty("sets").EnumerateObject());
    }

    [Theory]
    [InlineData("""{"maxEvents": -1}""")]
    [InlineData("""{"ack": "one"}""")]
    [InlineData("""{"setErrs": []}""")]
    public async Task What_is_no_poll_is_refused(string body)
    {
        var subscriber = await host.SubscribeAsync();

        var refusal = await host.PostAsync(PollOf(subscriber.StreamId), subscriber.Token, Auth.AuthCalls.Json(body)).ExpectAsync(HttpStatusCode.BadRequest);

        Assert.Equal("invalid_request", refusal.Text("err"));
    }

    [Fact]
    public async Task A_library_verifies_what_was_polled()
    {
        var subscriber = await VerifiedAsync();
        var token = Assert.Single((await PollAsync(subscriber)).GetProperty("sets").EnumerateObject()).Value.GetString()!;

        var claims = await OAuth.Verifiers.OAuthLibraries.CallAsync(
            "set", new { server = host.Address.ToString().TrimEnd('/'), issuer = "http://localhost", audience = subscriber.ServiceId, token });

        Assert.Equal(subscriber.StreamId, claims.GetProperty("sub_id").Text("id"));
    }

    /// <summary>Creates a subscriber with one waiting SET.</summary>
    private async Task<Subscriber> VerifiedAsync()
    {
        var subscriber = await host.SubscribeAsync(new { events_requested = new[] { SessionRevoked } });
        await host.PostAsync(Verify, subscriber.Token, new { stream_id = subscriber.StreamId, state = "s" }).ExpectAsync(HttpStatusCode.NoContent);
        return subscriber;
    }

    private Task<JsonElement> PollAsync(Subscriber subscriber) => host.PollAsync(subscriber, new { maxEvents = 10, returnImmediately = true });

    private async Task<string> TokenOfAsync(Subscriber subscriber)
    {
        var renewed = await host.PostAsync(
            $"{Admin.Administration.PathOf(subscriber.ServiceId)}/refresh-token", await host.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        return await host.RefreshAsync(renewed.Text("refreshToken"));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : PollTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : PollTests(store.Host);
}
