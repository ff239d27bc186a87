using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit.Sdk;

namespace AuthService.ApiTests.AppTokens.SvixClient;

/// <summary>The error that the client threw for a refused call.</summary>
public sealed record SvixRefusal(HttpStatusCode Status, JsonElement Body);

/// <summary>Runs one version of the original npm client in a Node.js process that calls a running instance.</summary>
public sealed class SvixProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _node;
    private readonly Task<string> _errors;

    private SvixProcess(Process node) => (_node, _errors) = (node, node.StandardError.ReadToEndAsync());

    public static SvixProcess Start(string version, Uri server)
    {
        var folder = FindFolder();
        if (!Directory.Exists(Path.Combine(folder, "node_modules", $"svix-{version}")))
            throw new InvalidOperationException($"The npm packages are missing: run tests/run.sh, or npm ci in {folder}.");
        return new SvixProcess(Process.Start(new ProcessStartInfo("node", ["client.mjs", $"svix-{version}", server.AbsoluteUri.TrimEnd('/')])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Calls <paramref name="method"/> (<c>application.create</c>) and returns the result of the client; fails if it threw.</summary>
    public async Task<JsonElement> CallAsync(string token, string method, params object[] arguments)
    {
        var outcome = await SendAsync(token, method, arguments);
        return outcome.TryGetProperty("value", out var value) ? value : throw new XunitException($"{method}: {outcome}");
    }

    /// <summary>Calls <paramref name="method"/> and returns the client's ApiException; fails if there was none.</summary>
    public async Task<SvixRefusal> RefusedAsync(string token, string method, params object[] arguments)
    {
        var outcome = await SendAsync(token, method, arguments);
        if (!outcome.TryGetProperty("error", out var error) || error.Text("type") is not "ApiException")
            throw new XunitException($"{method}: {outcome}");
        return new SvixRefusal((HttpStatusCode)error.GetProperty("code").GetInt32(), error.GetProperty("body"));
    }

    public async Task<bool> HasAsync(string method) => !(await SendAsync("sk_none", method, [])).TryGetProperty("missing", out _);

    public async ValueTask DisposeAsync()
    {
        _node.StandardInput.Close();
        using var timeout = new CancellationTokenSource(Patience);
        await _node.WaitForExitAsync(timeout.Token);
        _node.Dispose();
    }

    private async Task<JsonElement> SendAsync(string token, string method, object[] arguments)
    {
        await _node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { token, method, arguments }));
        await _node.StandardInput.FlushAsync();
        var line = await _node.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        return line is null ? throw new InvalidOperationException($"node: {await _errors}") : JsonElement.Parse(line);
    }

    private static string FindFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
