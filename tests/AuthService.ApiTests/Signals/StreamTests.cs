using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.OAuth;
using Xunit;
using static AuthService.ApiTests.Signals.SignalCalls;

namespace AuthService.ApiTests.Signals;

/// <summary>Services create, read, change and delete their streams, and find everything in the metadata (src/AuthService/README.md#shared-signals).</summary>
public abstract class StreamTests(AuthHost host)
{
    private static readonly string[] All = [SessionRevoked, CredentialChange, ClaimsChange, Disabled, Enabled, Purged];

    [Fact]
    public async Task The_metadata_says_where_everything_is()
    {
        var metadata = await host.GetAsync("/.well-known/ssf-configuration").ExpectAsync(HttpStatusCode.OK);

        Assert.Equal("1_0", metadata.Text("spec_version"));
        Assert.Equal("http://localhost", metadata.Text("issuer"));
        Assert.Equal("http://localhost/.well-known/jwks.json", metadata.Text("jwks_uri"));
        Assert.Equal("http://localhost/ssf/stream", metadata.Text("configuration_endpoint"));
        Assert.Equal("http://localhost/ssf/status", metadata.Text("status_endpoint"));
        Assert.Equal("http://localhost/ssf/verify", metadata.Text("verification_endpoint"));
        Assert.Equal([Push, Poll], metadata.Texts("delivery_methods_supported"));
        Assert.Equal("ALL", metadata.Text("default_subjects"));
        Assert.Equal("urn:ietf:rfc:6749", Assert.Single(metadata.GetProperty("authorization_schemes").EnumerateArray()).Text("spec_urn"));
        Assert.False(metadata.TryGetProperty("add_subject_endpoint", out _));
    }

    [Fact]
    public async Task A_stream_is_polled_for_everything_unless_something_else_is_asked_for()
    {
        var (service, token) = await NewServiceAsync();

        using var response = await host.PostAsync(Streams, token, new { });
        var stream = await response.ExpectAsync(HttpStatusCode.Created);

        var id = stream.Text("stream_id");
        Assert.Equal(At(Streams, id), response.Headers.Location?.ToString());
        Assert.True(response.Headers.CacheControl is { NoStore: true });
        Assert.Equal(("http://localhost", service), (stream.Text("iss"), stream.Text("aud")));
        Assert.Equal(All, stream.Texts("events_supported"));
        Assert.Equal(All, stream.Texts("events_delivered"));
        var delivery = stream.GetProperty("delivery");
        Assert.Equal((Poll, $"http://localhost{PollOf(id)}"), (delivery.Text("method"), delivery.Text("endpoint_url")));
        Assert.Equal(60, stream.GetProperty("min_verification_interval").GetInt32());
        Assert.False(stream.TryGetProperty("events_requested", out _));
        Assert.Equal("enabled", (await host.GetAsync(At(Status, id), token).ExpectAsync(HttpStatusCode.OK)).Text("status"));
        var entry = Assert.Single(await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={service}&event=signal_stream_created"));
        Assert.Equal($"{id} poll", entry.Text("detail"));
    }

    [Fact]
    public async Task Unknown_events_are_passed_over_and_the_header_is_never_shown()
    {
        var (_, token) = await NewServiceAsync();
        var delivery = new { method = Push, endpoint_url = "https://receiver.invalid/events?key=1", authorization_header = "Bearer canary-4471" };

        var wanted = new { delivery, events_requested = new[] { "urn:example:unknown", Purged }, description = "files" };
        using var response = await host.PostAsync(Streams, token, wanted);
        var stream = await response.ExpectAsync(HttpStatusCode.Created);

        Assert.Equal(["urn:example:unknown", Purged], stream.Texts("events_requested"));
        Assert.Equal([Purged], stream.Texts("events_delivered"));
        Assert.Equal("files", stream.Text("description"));
        Assert.Equal("https://receiver.invalid/events?key=1", stream.GetProperty("delivery").Text("endpoint_url"));
        Assert.DoesNotContain("canary", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await host.Database.CountAsync($"audit_events WHERE detail LIKE '%{stream.Text("stream_id")}%key=1%'"));
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_a_put_everything()
    {
        var (service, token) = await NewServiceAsync();
        var id = (await CreateAsync(token, new { description = "first", events_requested = new[] { Purged } })).Text("stream_id");

        var patch = new { stream_id = id, events_requested = new[] { Disabled, Enabled }, aud = service, events_delivered = new[] { Purged } };
        var patched = await host.PatchAsync(Streams, token, patch).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal([Disabled, Enabled], patched.Texts("events_delivered"));
        Assert.Equal("first", patched.Text("description"));

        var replaced = await host.PutAsync(Streams, token, new { stream_id = id, delivery = new { method = Push, endpoint_url = "https://r.invalid" } })
            .ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(All, replaced.Texts("events_delivered"));
        Assert.False(replaced.TryGetProperty("description", out _));
        Assert.Equal(Push, replaced.GetProperty("delivery").Text("method"));
        var shown = await host.GetAsync(At(Streams, id), token).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(replaced.GetRawText(), shown.GetRawText());
    }

    [Theory]
    [InlineData("iss", "https://other.invalid")]
    [InlineData("aud", "_other")]
    public async Task What_the_service_sets_can_be_repeated_and_not_changed(string member, string value)
    {
        var (_, token) = await NewServiceAsync();
        var id = (await CreateAsync(token, new { })).Text("stream_id");

        var change = new Dictionary<string, string>(StringComparer.Ordinal) { ["stream_id"] = id, ["description"] = "changed", [member] = value };
        await RefusedAsync(host.PatchAsync(Streams, token, change), HttpStatusCode.BadRequest, "invalid_request");
        await RefusedAsync(host.PutAsync(Streams, token, change), HttpStatusCode.BadRequest, "invalid_request");

        Assert.False((await host.GetAsync(At(Streams, id), token).ExpectAsync(HttpStatusCode.OK)).TryGetProperty("description", out _));
    }

    [Fact]
    public async Task Streams_of_another_service_are_not_there()
    {
        var owner = await host.SubscribeAsync();
        var (_, stranger) = await NewServiceAsync();
        var id = owner.StreamId;

        Assert.DoesNotContain(id, (await host.GetAsync(Streams, stranger).ExpectAsync(HttpStatusCode.OK)).GetRawText(), StringComparison.Ordinal);
        Task<HttpResponseMessage>[] calls =
        [
            host.GetAsync(At(Streams, id), stranger), host.DeleteAsync(At(Streams, id), stranger), host.GetAsync(At(Status, id), stranger),
            host.PatchAsync(Streams, stranger, new { stream_id = id, description = "mine" }), host.PutAsync(Streams, stranger, new { stream_id = id }),
            host.PostAsync(Status, stranger, new { stream_id = id, status = "disabled" }), host.PostAsync(Verify, stranger, new { stream_id = id }),
            host.PostAsync(PollOf(id), stranger, new { returnImmediately = true }), host.GetAsync(At(Streams, "no-id"), stranger),
        ];
        foreach (var call in calls)
            await RefusedAsync(call, HttpStatusCode.NotFound, "not_found");

        Assert.Equal("enabled", (await host.GetAsync(At(Status, id), owner.Token).ExpectAsync(HttpStatusCode.OK)).Text("status"));
    }

    [Fact]
    public async Task A_service_has_five_streams_and_no_more()
    {
        var (_, token) = await NewServiceAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.PostAsync(Streams, token, new { })));

        Assert.Equal(5, answers.Count(answer => answer.StatusCode is HttpStatusCode.Created));
        Assert.Equal(3, answers.Count(answer => answer.StatusCode is HttpStatusCode.Conflict));
        var listed = (await host.GetAsync(Streams, token).ExpectAsync(HttpStatusCode.OK)).EnumerateArray().ToList();
        Assert.Equal(5, listed.Count);
        await host.DeleteAsync(At(Streams, listed[0].Text("stream_id")), token).ExpectAsync(HttpStatusCode.NoContent);
        await host.DeleteAsync(At(Streams, listed[0].Text("stream_id")), token).ExpectAsync(HttpStatusCode.NotFound);
        await CreateAsync(token, new { });
    }

    [Theory]
    [InlineData("""{"events_requested": []}""")]
    [InlineData("""{"events_requested": ["with space"]}""")]
    [InlineData("""{"events_requested": [null]}""")]
    [InlineData("""{"description": "a\u0007b"}""")]
    [InlineData("""{"delivery": {}}""")]
    [InlineData("""{"delivery": {"method": "urn:ietf:rfc:8935"}}""")]
    [InlineData("""{"delivery": {"method": "urn:ietf:rfc:8935", "endpoint_url": "ftp://receiver.invalid"}}""")]
    [InlineData("""{"delivery": {"method": "urn:ietf:rfc:8935", "endpoint_url": "https://u:p@receiver.invalid"}}""")]
    [InlineData("""{"delivery": {"method": "urn:ietf:rfc:8935", "endpoint_url": "https://r.invalid", "authorization_header": "a\r\nb"}}""")]
    [InlineData("[]")]
    public async Task What_makes_no_stream_is_refused(string body)
    {
        var (_, token) = await NewServiceAsync();

        await RefusedAsync(host.PostAsync(Streams, token, AuthCalls.Json(body)), HttpStatusCode.BadRequest, "invalid_request");

        Assert.Empty((await host.GetAsync(Streams, token).ExpectAsync(HttpStatusCode.OK)).EnumerateArray());
    }

    [Fact]
    public async Task What_is_said_of_a_stream_may_be_as_long_as_a_refusal_says()
    {
        var (_, token) = await NewServiceAsync();
        var (longest, longer) = (new string('d', 250), new string('d', 251));
        var id = (await CreateAsync(token, new { description = longest })).Text("stream_id");
        await host.PostAsync(Status, token, new { stream_id = id, status = "paused", reason = longest }).ExpectAsync(HttpStatusCode.OK);

        foreach (var call in new[]
            {
                host.PostAsync(Streams, token, new { description = longer }),
                host.PostAsync(Status, token, new { stream_id = id, status = "paused", reason = longer }),
            })
            Assert.Contains("at most 250", (await call.ExpectAsync(HttpStatusCode.BadRequest)).Text("description"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_published_key_there_are_no_streams()
    {
        await using var own = await host.StartAnotherAsync(SigningKeys.At(0, "HS512", "shared"));
        var token = await own.NewServiceTokenAsync();

        await RefusedAsync(own.PostAsync(Streams, token, new { }), HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");

        Assert.Empty((await own.GetAsync(Streams, token).ExpectAsync(HttpStatusCode.OK)).EnumerateArray());
    }

    [Fact]
    public async Task Without_an_encryption_key_there_is_no_authorization_header()
    {
        await using var own = await host.StartAnotherAsync(
            new() { ["environment"] = "Production", ["Encryption:Keys:0:KeyId"] = null, ["Encryption:Keys:0:Key"] = null });
        var token = await own.NewServiceTokenAsync();
        var delivery = new { method = Push, endpoint_url = "https://receiver.invalid", authorization_header = "Bearer x" };

        await RefusedAsync(own.PostAsync(Streams, token, new { delivery }), HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");

        await own.PostAsync(Streams, token, new { delivery = new { delivery.method, delivery.endpoint_url } }).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task People_and_strangers_have_no_streams()
    {
        var person = await host.SignedInPersonAsync();

        await RefusedAsync(host.PostAsync(Streams, person.AccessToken, new { }), HttpStatusCode.Forbidden, "access_denied");
        await RefusedAsync(host.PostAsync(Streams, json: new { }), HttpStatusCode.Unauthorized, "authentication_failed");
    }

    private async Task<(string Id, string Token)> NewServiceAsync()
    {
        var service = await host.CreateServiceAsync();
        return (service.Id, await host.RefreshAsync(service.RefreshToken));
    }

    private Task<JsonElement> CreateAsync(string token, object stream) => host.PostAsync(Streams, token, stream).ExpectAsync(HttpStatusCode.Created);

    /// <summary>A stream has no session, so an administrator's would continue after they lose their role.</summary>
    [Fact]
    public async Task Administrators_have_no_streams()
    {
        await using var own = await host.StartAnotherAsync(new() { ["CleanUp:Interval"] = "00:00:00.200" });
        var admin = await own.AdminTokenAsync();
        await RefusedAsync(own.PostAsync(Streams, admin, new { }), HttpStatusCode.Forbidden, "access_denied");
        await RefusedAsync(own.GetAsync(Streams, admin), HttpStatusCode.Forbidden, "access_denied");

        await own.PostAsync(Streams, await own.NewServiceTokenAsync(), new { }).ExpectAsync(HttpStatusCode.Created);
        await own.Database.ExecuteAsync($"UPDATE signal_streams SET principal_number = (SELECT number FROM principals WHERE id = '{AuthHost.AdminId}')");
        await Eventually.CountsAsync(own, "signal_streams", 0);
    }

    private static async Task RefusedAsync(Task<HttpResponseMessage> sending, HttpStatusCode status, string code) =>
        Assert.Equal(code, (await sending.ExpectAsync(status)).Text("err"));

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : StreamTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : StreamTests(store.Host);
}
