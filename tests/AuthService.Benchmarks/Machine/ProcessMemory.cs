using System.Globalization;

namespace AuthService.Benchmarks.Machine;

/// <summary>Reads the memory of a process from <c>/proc/PID/status</c> (proc(5)).</summary>
internal static class ProcessMemory
{
    private const string Peak = "VmHWM:";
    private const string Resident = "VmRSS:";

    /// <summary>Returns the peak of resident memory in bytes; 0 when there is no such process.</summary>
    public static long PeakOf(int pid) => Read(pid, Peak);

    /// <summary>Returns the current resident memory in bytes; 0 when there is no such process.</summary>
    public static long ResidentOf(int pid) => Read(pid, Resident);

    private static long Read(int pid, string field)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(field.Length).Trim(" \tkB"), CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0; // The process ended while its file was read.
        }
    }
}
