using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>Checks the reason of a refusal, which is in the log and not in the response.</summary>
public static class RefusalReasons
{
    /// <summary>Fails unless the response has this status and code, and one line of the log gives the reason, with the trace id of the response.</summary>
    public static async Task ExpectReasonAsync(
        this AuthHost host, string reason, Func<Task<HttpResponseMessage>> call, HttpStatusCode status, string code)
    {
        var before = host.Log.Lines.Count;
        using var response = await call();
        var body = await response.ExpectAsync(status);
        Assert.Contains($"\"{code}\"", body.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(reason, body.GetRawText(), StringComparison.Ordinal);
        if (CodeOf(reason) != code)
            Assert.DoesNotContain($"\"{CodeOf(reason)}\"", body.GetRawText(), StringComparison.Ordinal);
        var line = host.ReasonSince(before, reason);
        Assert.Contains($"TraceId, {body.Text("traceId")}", line, StringComparison.Ordinal);
    }

    /// <summary>Fails unless introspection reports the token as inactive, and one line of the log gives the reason.</summary>
    public static async Task ExpectInactiveAsync(this AuthHost host, string reason, string service, string token)
    {
        var before = host.Log.Lines.Count;
        var answer = await host.PostAsync("/oauth/introspect", service, new FormUrlEncodedContent([new("token", token)])).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(["active"], answer.MemberNames());
        Assert.False(answer.GetProperty("active").GetBoolean());
        Assert.DoesNotContain(token, host.ReasonSince(before, reason), StringComparison.Ordinal);
    }

    private static string CodeOf(string reason) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(reason);

    private static string ReasonSince(this AuthHost host, int before, string reason)
    {
        var line = Assert.Single(host.Log.Lines.Skip(before), line => line.Contains("[Reason, ", StringComparison.Ordinal));
        Assert.StartsWith("Debug AuthService.", line, StringComparison.Ordinal);
        Assert.Contains($"[Reason, {CodeOf(reason)}]", line, StringComparison.Ordinal);
        return line;
    }
}
