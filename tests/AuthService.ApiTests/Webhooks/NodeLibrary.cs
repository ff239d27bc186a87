using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AuthService.ApiTests.Webhooks;

/// <summary>Calls the npm libraries with which receivers verify webhooks.</summary>
internal static class NodeLibrary
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly string Folder = FindFolder();

    /// <returns>The body as the library parsed it; null if it refused the signature.</returns>
    public static async Task<JsonElement?> VerifyAsync(string library, string secret, ReceivedWebhook webhook)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", library)))
            throw new InvalidOperationException($"The npm packages are missing: run tests/run.sh, or npm ci in {Folder}.");
        using var node = Process.Start(new ProcessStartInfo("node", ["verify.mjs", library])
        {
            UseShellExecute = false,
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var timeout = new CancellationTokenSource(Patience);
        var headers = webhook.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => $"{header.Value}", StringComparer.Ordinal);
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(new { secret, payload = webhook.Body, headers }));
        node.StandardInput.Close();
        var errors = node.StandardError.ReadToEndAsync(timeout.Token);
        var output = await node.StandardOutput.ReadToEndAsync(timeout.Token);
        await node.WaitForExitAsync(timeout.Token);
        if (node.ExitCode is 0)
            return JsonElement.Parse(output);
        return (await errors).Contains("WebhookVerificationError", StringComparison.Ordinal)
            ? null
            : throw new InvalidOperationException($"node: {await errors}");
    }

    private static string FindFolder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "AppTokens", "SvixClient");
}
