using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AuthService.ApiTests.Http.Clients;

/// <summary>Runs the npm client generators hey-api and openapi-typescript, and uses each client in a Node.js process.</summary>
internal static class NodeClients
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static async Task<JsonElement> UseAsync(string generator, Given given)
    {
        var folder = FindFolder();
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new InvalidOperationException($"The npm packages are missing: run tests/run.sh, or npm ci in {folder}.");
        var start = new ProcessStartInfo("node", ["client.mjs", generator, JsonSerializer.Serialize(given, JsonSerializerOptions.Web)])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Patience);
        var errors = node.StandardError.ReadToEndAsync(timeout.Token);
        var output = await node.StandardOutput.ReadToEndAsync(timeout.Token);
        await node.WaitForExitAsync(timeout.Token);
        return node.ExitCode is 0
            ? JsonElement.Parse(output[(output.LastIndexOf('\n') + 1)..])
            : throw new InvalidOperationException($"node: {output}{await errors}");
    }

    private static string FindFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
