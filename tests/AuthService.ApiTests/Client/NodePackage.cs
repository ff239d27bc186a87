using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Hosting;
using Xunit.Sdk;

namespace AuthService.ApiTests.Client;

/// <summary>The tests of <c>src/authservice-node</c> that need running instances, each file in a Node.js process of its own.</summary>
internal static partial class NodePackage
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs a file of tests. Fails with the output of Node.js unless every test passed and none was skipped.</summary>
    /// <param name="file">The built file in <c>test/instance</c>.</param>
    /// <param name="instance">An instance whose issuer is its address.</param>
    /// <param name="other">An instance with another issuer and other keys.</param>
    /// <param name="ahead">An instance on the database of <paramref name="other"/>, with a newer key and a clock that is two seconds ahead.</param>
    /// <returns>The number of tests that passed.</returns>
    public static async Task<int> TestAsync(string file, AuthHost instance, AuthHost other, AuthHost ahead)
    {
        var start = new ProcessStartInfo("node", ["--test", "--test-reporter=tap", FindBuilt(file)])
        {
            UseShellExecute = false,
            WorkingDirectory = FindFolder(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["AUTHSERVICE_ADDRESS"] = instance.Address.ToString(),
                ["AUTHSERVICE_OTHER_ADDRESS"] = other.Address.ToString(),
                ["AUTHSERVICE_AHEAD_ADDRESS"] = ahead.Address.ToString(),
                ["AUTHSERVICE_ADMIN"] = AuthHost.AdminId,
                ["AUTHSERVICE_ADMIN_PASSWORD"] = AuthHost.AdminPassword,
            },
        };
        using var node = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Patience);
        var errors = node.StandardError.ReadToEndAsync(timeout.Token);
        var output = await node.StandardOutput.ReadToEndAsync(timeout.Token);
        await node.WaitForExitAsync(timeout.Token);
        return node.ExitCode is 0 && CountOf("skipped", output) is 0 && CountOf("todo", output) is 0
            ? CountOf("pass", output)
            : throw new XunitException($"{file}: {output}{await errors}");
    }

    /// <summary>Returns the number that Node.js writes behind this word at the end of its results.</summary>
    private static int CountOf(string word, string output) =>
        Counts().Matches(output).Where(count => count.Groups["word"].Value == word).Sum(count => int.Parse(count.Groups["count"].Value, provider: null));

    private static string FindBuilt(string file)
    {
        var built = Path.Combine(FindFolder(), "build/test/instance", file);
        return File.Exists(built)
            ? built
            : throw new InvalidOperationException($"{built} is missing: run tests/run.sh, or npm ci, npm run build and npm run build:test in {FindFolder()}.");
    }

    private static string FindFolder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../src/authservice-node"));

    [GeneratedRegex("^# (?<word>[a-z]+) (?<count>[0-9]+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Counts();
}
