using System.Globalization;
using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Limits;

/// <summary>Section <c>Connections</c>: the number of callers that may be connected at the same time, for each address that the instance listens on.</summary>
internal sealed class ConnectionOptions
{
    public const string Section = "Connections";

    /// <summary>The default maximum. More connections take memory that an instance seldom has: half a gigabyte when each was answered once.</summary>
    private const int Most = 50_000;

    /// <summary>
    /// The files that the service needs beside the connections: its libraries (about 300), connections to the database and to other services, the files of the
    /// store, and newcomers beyond the maximum, which in a crowd are accepted sooner than they are closed.
    /// </summary>
    private const int OwnFiles = 1_000;

    /// <summary>
    /// The maximum number of connections. When missing, it is the number of files that the process may open, minus those that it needs itself, and at most
    /// 50,000.
    /// </summary>
    [ReadAtStart]
    public int? Maximum { get; set; }

    /// <summary>
    /// The effective maximum. Connections beyond it are closed at once. Each connection is a file to the operating system, and .NET ends a process that needs
    /// another file and may not open one ("Out of memory").
    /// </summary>
    public int Effective => Maximum ?? (int)Math.Min(Most, OpenFiles - Math.Min(OwnFiles, OpenFiles * 3L / 4));

    /// <summary>
    /// The number of files and connections that the operating system lets this process open, if it reports that. .NET raises the limit at the start as far as
    /// it is allowed to.
    /// </summary>
    internal int OpenFiles { get; init; } = ReadOpenFiles();

    private static int ReadOpenFiles()
    {
        const string Limits = "/proc/self/limits"; // Linux only
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
