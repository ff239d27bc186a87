using System.Globalization;
using Xunit;

namespace AuthService.ApiTests.Hostile.Crowds;

/// <summary>How many files and connections one process may open, on Linux; a process that is started may as many.</summary>
internal static class OpenFiles
{
    /// <summary>For what a process opens beside the crowd.</summary>
    public const int Others = 2_000;

    public static int Most { get; } = OperatingSystem.IsLinux() ? Limit() ?? int.MaxValue : 0;

    public static int CountOf(int process) => Directory.GetFiles($"/proc/{process}/fd").Length;

    /// <summary>The hard limit: .NET raises the other one to it.</summary>
    private static int? Limit()
    {
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files ", StringComparison.Ordinal));
        var hard = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        return int.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}

/// <summary>Runs on Linux where a process may open this many files, and some more.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpenFilesFactAttribute : FactAttribute
{
    public OpenFilesFactAttribute(int files)
    {
        if (OpenFiles.Most - OpenFiles.Others < files)
            Skip = $"A process may open {OpenFiles.Most} files here, and this needs {files + OpenFiles.Others}: ulimit -n, as root with -H";
    }
}
