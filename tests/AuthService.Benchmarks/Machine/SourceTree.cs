using AuthService.Benchmarks.Run;

namespace AuthService.Benchmarks.Machine;

/// <summary>
/// Finds the service: the build next to the benchmark, in the same working copy and configuration, or the published service in the folder that <see
/// cref="Variable"/> names.
/// </summary>
internal static class SourceTree
{
    /// <summary>The environment variable with the folder of a published service.</summary>
    private const string Variable = "AUTHSERVICE_BENCH_SERVICE";

    public static bool IsPublished => Published is not null;

    private static string? Published => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    /// <exception cref="BenchmarkException">The benchmark was not built for Release, or was moved out of its working copy.</exception>
    public static string ServiceAssembly()
    {
        var built = new DirectoryInfo(AppContext.BaseDirectory); // tests/AuthService.Benchmarks/bin/Release/net10.0
        if (!string.Equals(built.Parent?.Name, "Release", StringComparison.Ordinal))
        {
            throw new BenchmarkException(
                "Only a Release build is worth measuring: dotnet run -c Release --project tests/AuthService.Benchmarks");
        }

        var root = built;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "AuthService.sln")))
            root = root.Parent;

        var folder = Published is { } published
            ? Path.GetFullPath(published)
            : Path.Combine(root?.FullName ?? "", "src", "AuthService", "bin", "Release", built.Name);
        var assembly = Path.Combine(folder, "AuthService.dll");
        return File.Exists(assembly) ? assembly : throw new BenchmarkException($"The service is not built: {assembly} is missing.");
    }
}
