using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AuthService.ApiTests.Http.Clients;

/// <summary>
/// Runs the .NET client generators NSwag and Kiota (<c>.config/dotnet-tools.json</c>). The project DotNet is built with their code, which is in a folder that
/// is deleted afterwards.
/// </summary>
internal static class DotNetClients
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Builds both clients once and uses each.</summary>
    /// <param name="document">The address of the document.</param>
    /// <param name="given">The input for the caller of each client, by generator.</param>
    public static async Task<IReadOnlyDictionary<string, JsonElement>> UseAsync(Uri document, IReadOnlyDictionary<string, Given> given)
    {
        var folder = Directory.CreateTempSubdirectory("authservice-client-");
        try
        {
            var generated = folder.CreateSubdirectory("generated").FullName;
            await RunAsync(
                "nswag", "openapi2csclient", $"/input:{document}", $"/output:{generated}/AuthClient.cs",
                "/classname:AuthClient", "/namespace:Generated.NSwag", "/JsonLibrary:SystemTextJson",
                "/InjectHttpClient:true", "/DisposeHttpClient:false", "/UseBaseUrl:false");
            await RunAsync(
                "kiota", "generate", "-d", $"{document}", "-o", $"{generated}/Kiota", "-l", "CSharp", "-c", "AuthClient", "-n", "Generated.Kiota",
                "--exclude-backward-compatible");
            var built = folder.CreateSubdirectory("built").FullName;
            await RunAsync(
                "build", "DotNet", "-c", "Release", "-o", built, "-v", "quiet", "-nologo", "-p:UseSharedCompilation=false", "-nodeReuse:false",
                $"-p:GeneratedFolder={generated}");
            var came = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var (generator, forIt) in given)
            {
                var written = await RunAsync($"{built}/GeneratedClients.dll", generator, JsonSerializer.Serialize(forIt, JsonSerializerOptions.Web));
                came[generator] = JsonElement.Parse(written);
            }

            return came;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = FindFolder(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KIOTA_OFFLINE_ENABLED"] = "true"; // Kiota then sends no request to look for a newer version
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Patience);
        var errors = process.StandardError.ReadToEndAsync(timeout.Token);
        var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return process.ExitCode is 0
            ? output
            : throw new InvalidOperationException($"dotnet {arguments[0]} (run tests/run.sh, or dotnet tool restore): {output}{await errors}");
    }

    private static string FindFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
