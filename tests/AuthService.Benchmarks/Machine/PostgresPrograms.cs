using System.Diagnostics;
using AuthService.Benchmarks.Run;

namespace AuthService.Benchmarks.Machine;

/// <summary>The installed PostgreSQL programs. They refuse to run as root, so root runs them as the user <c>postgres</c>.</summary>
internal sealed class PostgresPrograms
{
    private const int OldestVersion = 15;
    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    private readonly string _folder;

    private PostgresPrograms(string folder) => _folder = folder;

    /// <summary>Finds the newest installed version.</summary>
    /// <exception cref="BenchmarkException">None is installed, or root has no user to run them as.</exception>
    public static PostgresPrograms Find()
    {
        var folder = Candidates().FirstOrDefault(bin => Programs.All(program => File.Exists(Path.Combine(bin, program))))
            ?? throw new BenchmarkException(
                $"PostgreSQL {OldestVersion} or newer is not installed: "
                + $"no {string.Join(", ", Programs)} in /usr/lib/postgresql/*/bin or on the PATH. "
                + $"Install it (Debian: apt-get install postgresql-15), name an empty database in {BenchmarkDatabase.Variable}, "
                + "or measure on the embedded store with --store sqlite.");

        if (Environment.IsPrivilegedProcess && !HasPostgresUser())
            throw new BenchmarkException("PostgreSQL refuses to run as root and there is no user 'postgres' to run it as.");
        return new PostgresPrograms(folder);
    }

    /// <summary>Returns how to start one of the programs (or another tool by its name) as a user that PostgreSQL accepts.</summary>
    public ProcessStartInfo Command(string program, params string[] arguments)
    {
        var own = Path.Combine(_folder, program);
        string[] words = [File.Exists(own) ? own : program, .. arguments];
        return Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", .. words]) { WorkingDirectory = "/" }
            : new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = "/" };
    }

    /// <summary>Runs a program and returns its output.</summary>
    /// <exception cref="BenchmarkException">The program failed. The message contains its error output.</exception>
    public async Task<string> RunAsync(string program, string[] arguments, string input, CancellationToken cancellationToken)
    {
        var how = Command(program, arguments);
        how.RedirectStandardInput = how.RedirectStandardOutput = how.RedirectStandardError = true;
        using var process = Process.Start(how)!;
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        var complaint = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output.Trim() : throw new BenchmarkException($"{program} failed: {await complaint}");
    }

    private static bool HasPostgresUser() =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal));

    private static IEnumerable<string> Candidates()
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        return versions
            .Where(folder => int.TryParse(Path.GetFileName(folder), out var version) && version >= OldestVersion)
            .OrderByDescending(folder => Path.GetFileName(folder).Length).ThenByDescending(folder => folder, StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat(Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? []);
    }
}
