using System.Globalization;

namespace AuthService.Benchmarks.Machine;

/// <summary>CPU time that the operating system has counted for processes, from <c>/proc/PID/stat</c> (proc(5)).</summary>
internal static class ProcessCpu
{
    // USER_HZ, which is what the file counts in: 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>User and system time of one process, all its threads included.</summary>
    public static TimeSpan Of(int pid) => FromTicks(Read(pid) is { } stat ? stat.Own : 0);

    /// <summary>The same for a process, its children, and those children that it has already waited for.</summary>
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

    /// <summary>The parent of a process of this machine; null when there is no such process.</summary>
    public static int? ParentOf(int pid) => Read(pid)?.Parent;

    private static Stat? Read(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            // The name stands in parentheses and may hold anything; the fields are counted from behind it.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Stat(int.Parse(fields[1], CultureInfo.InvariantCulture), Ticks(11) + Ticks(12), Ticks(13) + Ticks(14));

            long Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // It ended between two looks.
        }
    }

    private static TimeSpan FromTicks(long ticks) => TimeSpan.FromSeconds(ticks / TicksPerSecond);

    private sealed record Stat(int Parent, long Own, long Reaped);
}
