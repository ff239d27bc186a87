using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>The telemetry that a collector receives from the service as it is deployed.</summary>
public abstract class TelemetryTests(Store store) : IDisposable
{
    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task Metrics_and_the_spans_of_the_caller_s_trace_are_sent_without_names_and_secrets()
    {
        var trace = ActivityTraceId.CreateRandom().ToString();
        await using var collector = await OtlpReceiver.StartAsync();
        await using var database = await TestDatabase.CreateAsync(store);
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(database.Settings).With(collector.Settings)
            .With(new() { ["ReverseProxy:KnownProxies:0"] = "127.0.0.1" }));
        await service.WaitUntilReadyAsync();
        var login = await service.TryLoginAsync("admin", AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/principals/somebody-with-a-name?query=canary");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", login.Text("accessToken"));
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        await service.Http.SendAsync(request).ExpectAsync(HttpStatusCode.NotFound);

        await collector.WaitForSpanAsync(trace, "GET /admin/principals/{id}");
        if (store is Store.Postgres)
            await collector.WaitForSpanAsync(trace, "postgresql");
        foreach (var metric in ExpectedMetrics())
            await collector.WaitForMetricAsync(metric);
        Assert.All(
            [AuthHost.AdminPassword, "somebody-with-a-name", "canary", login.Text("refreshToken"), login.Text("accessToken"), "/health/ready", "Host="],
            secret => Assert.False(collector.Holds(secret), secret));
    }

    [Fact]
    public Task A_call_of_no_known_proxy_has_a_trace_of_its_own_that_links_to_the_caller_s() => ExpectLinkAsync(flags: "01");

    private async Task ExpectLinkAsync(string flags)
    {
        var trace = ActivityTraceId.CreateRandom().ToString();
        await using var collector = await OtlpReceiver.StartAsync();
        await using var database = await TestDatabase.CreateAsync(store);
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(database.Settings).With(collector.Settings));
        await service.WaitUntilReadyAsync();

        var refusal = await service.Http.SendAsync(HttpMethod.Get, "/admin/principals/x", headers: ("traceparent", $"00-{trace}-00f067aa0ba902b7-{flags}"))
            .ExpectAsync(HttpStatusCode.Unauthorized);

        Assert.NotEqual(trace, refusal.Text("traceId"), StringComparer.Ordinal);
        await collector.WaitForSpanAsync(refusal.Text("traceId"), "GET /admin/principals/{id}");
        await collector.WaitForSpanAsync(trace, "GET /admin/principals/{id}");
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private IEnumerable<string> ExpectedMetrics() =>
    [
        "authservice.sign_in.attempts",
        "authservice.sessions.started",
        "authservice.sessions.active",
        "authservice.password_hashing.duration",
        "http.server.request.duration",
        .. store is Store.Postgres ? ["db.client.operation.duration"] : Array.Empty<string>(),
    ];

    /// <summary>Has the tests too in which the store is not involved.</summary>
    [Collection("sqlite 2")]
    public sealed class OnSqlite() : TelemetryTests(Store.Sqlite)
    {
        /// <summary>The flags 00 mean that the caller does not record the trace.</summary>
        [Fact]
        public Task It_links_to_a_trace_that_the_caller_does_not_record() => ExpectLinkAsync(flags: "00");

        [Fact]
        public async Task What_was_measured_last_is_sent_before_the_end()
        {
            await using var collector = await OtlpReceiver.StartAsync();
            var unhurried = collector.Settings.With(new() { ["OTEL_METRIC_EXPORT_INTERVAL"] = "600000", ["OTEL_BSP_SCHEDULE_DELAY"] = "600000" });
            await using var service = _folder.Start(ServiceFolder.ForProduction().With(unhurried));
            await service.WaitUntilReadyAsync();
            await service.TryLoginAsync("admin", AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);

            await service.RequestStopAsync();

            Assert.Equal(0, await service.WaitForExitAsync(TimeSpan.FromSeconds(60)));
            Assert.True(collector.Holds("authservice.sign_in.attempts"));
            Assert.True(collector.Holds("POST /auth/login"));
        }

        [Fact]
        public async Task A_collector_that_is_not_there_disturbs_nobody()
        {
            await using var service = _folder.Start(ServiceFolder.ForProduction().With(new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
            }));
            await service.WaitUntilReadyAsync();

            await service.TryLoginAsync("admin", AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);

            await service.RequestStopAsync();
            Assert.Equal(0, await service.WaitForExitAsync(TimeSpan.FromSeconds(60)));
        }

        /// <summary>Traces are sent to a separate address, with its path. Metrics have no address and are not collected.</summary>
        [Fact]
        public async Task What_is_set_for_one_signal_holds_for_it_alone()
        {
            var trace = ActivityTraceId.CreateRandom().ToString();
            await using var collector = await OtlpReceiver.StartAsync();
            await using var service = _folder.Start(ServiceFolder.ForProduction().With(collector.Settings.With(new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "",
                ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = collector.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/traces/here",
                ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf",
            })));
            await service.WaitUntilReadyAsync();

            using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/jwks.json");
            request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
            await service.Http.SendAsync(request).ExpectAsync(HttpStatusCode.OK);

            await collector.WaitForSpanAsync(trace, "GET /.well-known/jwks.json", "/traces/here");
            Assert.Equal("/traces/here", Assert.Single(collector.Paths));
        }
    }

    [Collection("postgres 2")]
    public sealed class OnPostgres() : TelemetryTests(Store.Postgres);
}
