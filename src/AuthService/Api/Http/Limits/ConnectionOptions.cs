using System.Globalization;
using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Limits;

/// <summary>Section <c>Connections</c>: how many callers may be connected at a time, to each address that the instance listens at.</summary>
internal sealed class ConnectionOptions
{
    public const string Section = "Connections";

    /// <summary>More than this take memory that an instance seldom has: half a gigabyte when each has been answered once.</summary>
    private const int Most = 50_000;

    /// <summary>What the service itself opens: its libraries (some 300), connections to the database and to others, the store's files.</summary>
    private const int OwnFiles = 1_000;

    /// <summary>Without it as many as the process may open files, but for those that it needs itself, and at most 50,000.</summary>
    [ReadAtStart]
    public int? Maximum { get; set; }

    /// <summary>
    /// Those that come beyond this are closed at once. They are files to the operating system, and .NET ends a process that needs
    /// another file and may open none ("Out of memory").
    /// </summary>
    public int Effective => Maximum ?? Math.Min(Most, OpenFiles - Math.Min(OwnFiles, OpenFiles / 2));

    /// <summary>
    /// How many files and connections the operating system lets this process open, where it says so. .NET raises it at the start as
    /// far as it may.
    /// </summary>
    internal int OpenFiles { get; init; } = ReadOpenFiles();

    private static int ReadOpenFiles()
    {
        const string Limits = "/proc/self/limits"; // of Linux
        var line = File.Exists(Limits) ? File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith("Max open files ", StringComparison.Ordinal)) : null;
        var limit = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3);
        return int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : int.MaxValue;
    }
}

internal sealed class ConnectionOptionsValidator : IValidateOptions<ConnectionOptions>
{
    private const int Most = 1_000_000;

    public ValidateOptionsResult Validate(string? name, ConnectionOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        faults.RequireInRange($"{ConnectionOptions.Section}:{nameof(options.Maximum)}", options.Maximum, 1, Most);
        return faults.Build();
    }
}
