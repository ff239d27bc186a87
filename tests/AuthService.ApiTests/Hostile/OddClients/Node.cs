using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Hostile.OddClients;

/// <summary>Runs the clients that are part of Node.js in a process.</summary>
internal static class Node
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>The statuses of the sign-in, the refresh, the sign-out and a second refresh, by client.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> GoAsync(Uri plain, Uri tls)
    {
        string[] arguments = ["node.mjs", plain.AbsoluteUri.TrimEnd('/'), tls.AbsoluteUri.TrimEnd('/'), AuthHost.AdminId, AuthHost.AdminPassword];
        var start = new ProcessStartInfo("node", arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = FindFolder(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Patience);
        var errors = node.StandardError.ReadToEndAsync(timeout.Token);
        var output = await node.StandardOutput.ReadToEndAsync(timeout.Token);
        await node.WaitForExitAsync(timeout.Token);
        return node.ExitCode is 0
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(output)!
            : throw new InvalidOperationException($"node: {output}{await errors}");
    }

    private static string FindFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
