using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Signals.SignalCalls;

namespace AuthService.ApiTests.Signals;

/// <summary>Verification events are sent on request, and a disabled stream sends and keeps nothing (SSF 1.0, sections 8.1.2 and 8.1.4).</summary>
public abstract class VerificationTests(AuthHost host)
{
    [Fact]
    public async Task A_verification_event_says_what_it_was_asked_to_say_once_a_minute()
    {
        var subscriber = await host.SubscribeAsync(new { events_requested = new[] { Purged } });
        var request = new { stream_id = subscriber.StreamId, state = "VGhpcyBpcyBh" };

        await host.PostAsync(Verify, subscriber.Token, request).ExpectAsync(HttpStatusCode.NoContent);
        using var tooSoon = await host.PostAsync(Verify, subscriber.Token, request);

        Assert.Equal(HttpStatusCode.TooManyRequests, tooSoon.StatusCode);
        Assert.NotNull(tooSoon.Headers.RetryAfter);
        var claims = Assert.Single(await subscriber.PeekAsync());
        Assert.Equal(Verification, EventOf(claims));
        Assert.Equal("VGhpcyBpcyBh", ContentOf(claims).Text("state"));
        Assert.Equal($$"""{"format":"opaque","id":"{{subscriber.StreamId}}"}""", claims.GetProperty("sub_id").GetRawText());
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        await host.PostAsync(Verify, subscriber.Token, new { stream_id = subscriber.StreamId }).ExpectAsync(HttpStatusCode.NoContent);
        Assert.Empty(ContentOf((await subscriber.PeekAsync())[1]).EnumerateObject());
    }

    [Fact]
    public async Task Nothing_is_verified_or_kept_over_a_disabled_stream()
    {
        var subscriber = await host.SubscribeAsync();
        await host.PostAsync(Verify, subscriber.Token, new { stream_id = subscriber.StreamId }).ExpectAsync(HttpStatusCode.NoContent);

        var set = await host.PostAsync(Status, subscriber.Token, new { stream_id = subscriber.StreamId, status = "disabled", reason = "moving" })
            .ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(("disabled", "moving"), (set.Text("status"), set.Text("reason")));
        await RefusedAsync(host.PostAsync(Verify, subscriber.Token, new { stream_id = subscriber.StreamId }), HttpStatusCode.BadRequest, "invalid_request");
        await host.SetStatusAsync(subscriber, "enabled");
        Assert.Empty(await subscriber.PeekAsync());
        var unknown = new { stream_id = subscriber.StreamId, status = "off" };
        await RefusedAsync(host.PostAsync(Status, subscriber.Token, unknown), HttpStatusCode.BadRequest, "invalid_request");
    }

    private static async Task RefusedAsync(Task<HttpResponseMessage> sending, HttpStatusCode status, string code) =>
        Assert.Equal(code, (await sending.ExpectAsync(status)).Text("err"));

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : VerificationTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : VerificationTests(store.Host);
}
