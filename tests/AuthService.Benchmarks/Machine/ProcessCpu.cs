using System.Globalization;

namespace AuthService.Benchmarks.Machine;

/// <summary>Reads the CPU time of processes from <c>/proc/PID/stat</c> (proc(5)).</summary>
internal static class ProcessCpu
{
    // The file counts in USER_HZ, which is 100 on every Linux that .NET supports.
    private const double TicksPerSecond = 100;

    /// <summary>Returns the user and system time of one process with all its threads.</summary>
    public static TimeSpan Of(int pid) => FromTicks(Read(pid) is { } stat ? stat.Own : 0);

    /// <summary>Returns the time of a process, its children, and the ended children for which it has already waited.</summary>
    public static TimeSpan OfFamily(int pid)
    {
        var ticks = Read(pid) is { } parent ? parent.Own + parent.Reaped : 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var child)
                && Read(child) is { } stat && stat.Parent == pid)
            {
                ticks += stat.Own;
            }
        }

        return FromTicks(ticks);
    }

    /// <summary>Returns the parent of a process; null when there is no such process.</summary>
    public static int? ParentOf(int pid) => Read(pid)?.Parent;

    private static Stat? Read(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            // The name is in parentheses and may contain anything, so the fields are counted after it.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Stat(int.Parse(fields[1], CultureInfo.InvariantCulture), Ticks(11) + Ticks(12), Ticks(13) + Ticks(14));

            long Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // The process ended while its file was read.
        }
    }

    private static TimeSpan FromTicks(long ticks) => TimeSpan.FromSeconds(ticks / TicksPerSecond);

    private sealed record Stat(int Parent, long Own, long Reaped);
}
