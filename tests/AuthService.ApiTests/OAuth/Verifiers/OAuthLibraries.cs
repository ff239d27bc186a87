using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit.Sdk;

namespace AuthService.ApiTests.OAuth.Verifiers;

/// <summary>Calls the npm packages openid-client, oauth4webapi, jose and express-oauth2-jwt-bearer, each call in its own Node.js process.</summary>
internal static class OAuthLibraries
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static async Task<JsonElement> CallAsync(string action, object given) =>
        await RunAsync(action, given) is var outcome && outcome.TryGetProperty("value", out var value)
            ? value
            : throw new XunitException($"{action}: {outcome}");

    /// <summary>Returns the library's own error; fails if there was none.</summary>
    public static async Task<JsonElement> RefusedAsync(string action, object given) =>
        await RunAsync(action, given) is var outcome && outcome.TryGetProperty("error", out var error)
            ? error
            : throw new XunitException($"{action}: {outcome}");

    private static async Task<JsonElement> RunAsync(string action, object given)
    {
        var folder = FindFolder();
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new InvalidOperationException($"The npm packages are missing: run tests/run.sh, or npm ci in {folder}.");
        var start = new ProcessStartInfo("node", ["client.mjs", action, JsonSerializer.Serialize(given)])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Patience);
        var errors = node.StandardError.ReadToEndAsync(timeout.Token);
        var line = await node.StandardOutput.ReadToEndAsync(timeout.Token);
        await node.WaitForExitAsync(timeout.Token);
        return line.Length > 0 ? JsonElement.Parse(line) : throw new InvalidOperationException($"node: {await errors}");
    }

    private static string FindFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
