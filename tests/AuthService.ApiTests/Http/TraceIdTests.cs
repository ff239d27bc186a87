using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http;

/// <summary>The error that a client shows and the operator's log lines have the same trace id (W3C trace context).</summary>
[Collection("sqlite 2")]
public sealed class TraceIdTests(ClassHosts<SqliteStore> hosts) : IClassFixture<ClassHosts<SqliteStore>>
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string TraceParent = $"00-{TraceId}-00f067aa0ba902b7-01";

    private static readonly Settings BehindProxy = new() { ["ReverseProxy:KnownProxies:0"] = "127.0.0.1" };

    private readonly AuthHost _host = hosts.Host;

    [Theory]
    [InlineData("POST", "/auth/login")]
    [InlineData("POST", "/auth/refresh")]
    [InlineData("POST", "/auth/refresh/web")]
    [InlineData("GET", "/auth/sessions")]
    [InlineData("GET", "/account/auth/sessions")]
    [InlineData("GET", "/sessions/nonsense")]
    [InlineData("GET", "/admin/principals")]
    [InlineData("POST", "/.well-known/jwks.json")]
    [InlineData("GET", "/api/v1/app/")]
    [InlineData("POST", "/oauth/introspect")]
    [InlineData("GET", "/nowhere")]
    public async Task Every_error_body_names_the_trace_of_a_known_proxy(string method, string path)
    {
        var proxied = await hosts.TwinAsync(BehindProxy);
        using var answer = await proxied.SendAsync(new(method), path, headers: ("traceparent", TraceParent));

        Assert.InRange((int)answer.StatusCode, 400, 499);
        Assert.Equal(TraceId, await TraceIdOfAsync(answer));
    }

    [Fact]
    public async Task A_list_of_faults_names_it_too()
    {
        var service = await _host.NewServiceTokenAsync();

        var proxied = await hosts.TwinAsync(BehindProxy);
        using var answer = await proxied.SendAsync(HttpMethod.Post, "/api/v1/app/", service, new { }, headers: ("traceparent", TraceParent));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(TraceId, await TraceIdOfAsync(answer));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("01")]
    public async Task Nobody_else_chooses_it(string flags)
    {
        using var answer = await _host.SendAsync(HttpMethod.Get, "/nowhere", headers: ("traceparent", $"00-{TraceId}-00f067aa0ba902b7-{flags}"));

        var id = await TraceIdOfAsync(answer);
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.NotEqual(TraceId, id, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Without_one_each_call_has_a_trace_of_its_own()
    {
        using var one = await _host.GetAsync("/nowhere");
        using var other = await _host.GetAsync("/nowhere");

        var ids = new[] { await TraceIdOfAsync(one), await TraceIdOfAsync(other) };

        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
        Assert.NotEqual(ids[0], ids[1], StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e473x-00f067aa0ba902b7-01")]
    [InlineData("<script>")]
    public async Task What_is_no_trace_context_comes_back_nowhere(string traceParent)
    {
        using var answer = await _host.SendAsync(HttpMethod.Get, "/nowhere", headers: ("traceparent", traceParent));

        Assert.Matches("^[0-9a-f]{32}$", await TraceIdOfAsync(answer));
        Assert.DoesNotContain("473x", await TraceIdOfAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lines_that_a_call_logs_carry_its_trace()
    {
        await using var broken = await _host.StartAnotherAsync(BehindProxy);
        await broken.Database.ExecuteAsync("ALTER TABLE sessions RENAME TO sessions_gone");

        using var answer = await broken.SendAsync(HttpMethod.Post, "/auth/refresh", $"rt_{new string('A', 43)}", headers: ("traceparent", TraceParent));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TraceId, await TraceIdOfAsync(answer));
        Assert.Contains(broken.Log.Lines, line =>
            line.StartsWith("Error", StringComparison.Ordinal) && line.Contains($"TraceId, {TraceId}", StringComparison.Ordinal));
    }

    private static async Task<string> TraceIdOfAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync()).Text("traceId");
}
