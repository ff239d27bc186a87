using System.Globalization;
using Xunit;

namespace AuthService.ApiTests.Hostile.Crowds;

/// <summary>The number of files and connections that one process may open on Linux. A child process has the same limit.</summary>
internal static class OpenFiles
{
    /// <summary>The number of files that a process opens beside the crowd.</summary>
    public const int Others = 2_000;

    public static int Most { get; } = OperatingSystem.IsLinux() ? Limit() ?? int.MaxValue : 0;

    public static int CountOf(int process) => Directory.GetFiles($"/proc/{process}/fd").Length;

    /// <summary>Returns the hard limit, because .NET raises the soft limit to it.</summary>
    private static int? Limit()
    {
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files ", StringComparison.Ordinal));
        var hard = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        return int.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}

/// <summary>Runs only on Linux, and when a process may open this many files and some more.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpenFilesFactAttribute : FactAttribute
{
    public OpenFilesFactAttribute(int files)
    {
        if (OpenFiles.Most - OpenFiles.Others < files)
            Skip = $"A process may open {OpenFiles.Most} files here, and this needs {files + OpenFiles.Others}: ulimit -n, as root with -H";
    }
}
