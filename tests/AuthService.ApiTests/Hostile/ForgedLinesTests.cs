using System.Net;
using System.Text;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>No caller can add a line to the log, even when everything is logged.</summary>
public sealed class ForgedLinesTests : IDisposable
{
    private const string Forged = "FORGED-LINE";

    private static readonly string[] Breaks = ["\r\n", "\n", "\r", "\u001b[2K", "\u0085", "\u2028", "\0"];

    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task Every_line_of_the_log_is_the_services_own()
    {
        await using var service = await StartAsync(new());
        foreach (var name in Breaks.Select(lineBreak => $"eve{lineBreak}{Forged}"))
            await AttackAsync(service, name);

        var log = service.Output.Where(line => line.Length > 0).ToList();

        Assert.Contains(log, line => line.Contains(Forged, StringComparison.Ordinal));
        Assert.All(log, line => Assert.Equal(JsonValueKind.Object, JsonElement.Parse(line).ValueKind));
    }

    /// <summary>The framework's lines about requests contain decoded paths. They are off by default, so only lines of this service remain.</summary>
    [Fact]
    public async Task What_the_service_itself_logs_has_no_line_breaks_of_others_in_plain_text_either()
    {
        await using var service = await StartAsync(new()
        {
            ["Logging:Console:FormatterName"] = "simple",
            ["Logging:LogLevel:Microsoft"] = "Warning",
        });
        foreach (var name in Breaks.Select(lineBreak => $"eve{lineBreak}{Forged}"))
            await AttackAsync(service, name);

        Assert.Contains(service.Output, line => line.Contains("AuthService.", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Output, line => line.TrimStart().StartsWith(Forged, StringComparison.Ordinal));
        Assert.DoesNotContain(service.Output, line => line.Contains($"\u001b[2K{Forged}", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task AttackAsync(ServiceProcess service, string name)
    {
        var login = await service.TryLoginAsync("admin", AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
        using var refused = await service.TryLoginAsync(name, "wrong-password");
        Assert.InRange((int)refused.StatusCode, 400, 401);
        await SendAsync(service, HttpMethod.Post, "/auth/login", new { username = name, password = name, service = name });
        await SendAsync(service, HttpMethod.Post, $"/auth/{Uri.EscapeDataString(name)}?{Uri.EscapeDataString(name)}={Uri.EscapeDataString(name)}");
        await SendAsync(service, HttpMethod.Post, $"/auth/request?audience={Uri.EscapeDataString(name)}", bearer: login.Text("accessToken"));
        await SendAsync(service, HttpMethod.Post, "/auth/claim", new { jti = name }, login.Text("accessToken"));
        await SendAsync(service, HttpMethod.Post, "/admin/principals", new { id = name, password = Hosting.Principals.NewPassword() },
            login.Text("accessToken"));
        await SendAsync(service, HttpMethod.Get, $"/admin/principals/{Uri.EscapeDataString(name)}", bearer: login.Text("accessToken"));
    }

    private static async Task SendAsync(ServiceProcess service, HttpMethod method, string path, object? json = null, string? bearer = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = json is null ? null : new StringContent(JsonSerializer.Serialize(json), Encoding.UTF8, "application/json");
        if (bearer is not null)
            request.Headers.Authorization = new("Bearer", bearer);
        using var response = await service.Http.SendAsync(request);
        Assert.True((int)response.StatusCode < 500, $"{method} {path}: {response.StatusCode}");
    }

    private async Task<ServiceProcess> StartAsync(Settings settings)
    {
        var service = _folder.Start(ServiceFolder.ForProduction()
            .With(new() { ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:Microsoft"] = "Trace" })
            .With(settings));
        await service.WaitUntilReadyAsync();
        return service;
    }
}
