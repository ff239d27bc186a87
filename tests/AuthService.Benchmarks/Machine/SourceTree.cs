using AuthService.Benchmarks.Run;

namespace AuthService.Benchmarks.Machine;

/// <summary>Where the built service is: next to the benchmark in the same working copy, in the same configuration.</summary>
internal static class SourceTree
{
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

        var assembly = Path.Combine(root?.FullName ?? "", "src", "AuthService", "bin", "Release", built.Name, "AuthService.dll");
        return File.Exists(assembly) ? assembly : throw new BenchmarkException($"The service is not built: {assembly} is missing.");
    }
}
