using System.Globalization;

namespace AuthService.Benchmarks.Machine;

/// <summary>Memory that the operating system has counted for a process, from <c>/proc/PID/status</c> (proc(5)).</summary>
internal static class ProcessMemory
{
    private const string Peak = "VmHWM:";

    /// <summary>The most that was resident at any moment so far, in bytes; 0 when there is no such process.</summary>
    public static long PeakOf(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(Peak, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(Peak.Length).Trim(" \tkB"), CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0; // It ended between two looks.
        }
    }
}
