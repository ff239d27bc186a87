using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// A server in a folder and on a port of its own. As root it runs as user postgres: neither PostgreSQL nor PgBouncer
/// runs as root.
/// </summary>
internal sealed class LocalServer : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);

    private Process? _process;
    private Func<Task<bool>> _answers = () => Task.FromResult(true);

    private LocalServer(string folder) => Folder = folder;

    /// <summary>
    /// The server ends with its standard input, which the operating system closes however the test run ends: a
    /// process killed halfway leaves no server and no folder behind. Until then a line is the name of a signal: STOP and CONT
    /// for as long as it stands still, others to end it; or "start". One that has ended is not sent a signal again: its
    /// number may be another process's by then. A PostgreSQL that a server has started in the same folder, as Patroni does, shares its fate.
    /// </summary>
    private const string ServeUntilInputEnds =
        """
        folder=$1 stop=$2
        shift 2
        exec > "$folder/log" 2>&1
        trap '' INT TERM HUP
        all() {
          local postmaster=
          read -r postmaster 2>/dev/null < "$folder/data/postmaster.pid"
          echo "$server" "$postmaster" $([[ -z $postmaster ]] || ps -o pid= --ppid "$postmaster")
        }
        "$@" &
        server=$!
        while read -r line; do
          case $line in
            start) "$@" & server=$!; continue ;;
            STOP) kill -s STOP $(all); kill -s STOP $(all) ;;
            CONT) kill -s CONT $(all) ;;
            KILL) kill -s STOP $(all); kill -s KILL $(all); wait "$server"; server= ;;
            *) kill -s "$line" "$server"; wait "$server"; server= ;;
          esac
          touch "$folder/signalled"
        done
        [[ -z $server ]] || { kill -s CONT $(all); kill -s "$stop" "$server"; wait "$server"; }
        rm -rf "$folder"
        """;

    public string Folder { get; }

    public string Port { get; } = FreePort().ToString(CultureInfo.InvariantCulture);

    /// <summary>Makes the folder, which belongs to the user that the server will be.</summary>
    public static async Task<LocalServer> PrepareAsync(string name)
    {
        var folder = Directory.CreateTempSubdirectory($"authservice-{name}-").FullName;
        if (Environment.IsPrivilegedProcess)
            await RunAsync(["chown", "postgres", folder]);
        return new LocalServer(folder);
    }

    /// <summary>Runs a command to its end, as the user that the server will be.</summary>
    public static Task RunAsServerAsync(params string[] command) => RunAsync([.. AsServer(), .. command]);

    /// <summary>Runs the server; ends when it answers at its address.</summary>
    /// <param name="stopSignal">What tells it to stop at once.</param>
    /// <param name="connectionString">Its address.</param>
    /// <param name="command">Its program and arguments.</param>
    public Task StartAsync(string stopSignal, string connectionString, params string[] command) =>
        StartAsync(stopSignal, () => AnswersAsync(connectionString), command);

    /// <summary>Runs the server; ends when it answers.</summary>
    /// <param name="stopSignal">What tells it to stop at once.</param>
    /// <param name="answers">Whether it does.</param>
    /// <param name="command">Its program and arguments.</param>
    public async Task StartAsync(string stopSignal, Func<Task<bool>> answers, params string[] command)
    {
        _answers = answers;
        _process = Start([.. AsServer(), "bash", "-c", ServeUntilInputEnds, "serve", Folder, stopSignal, .. command]);
        await UntilAsync(answers, "start");
    }

    /// <summary>Ends the server, whose folder stays, or stops and continues it.</summary>
    /// <param name="signal">INT, QUIT, STOP, CONT, …</param>
    public async Task SignalAsync(string signal)
    {
        var mark = Path.Combine(Folder, "signalled");
        await _process!.StandardInput.WriteLineAsync(signal);
        await _process.StandardInput.FlushAsync();
        await UntilAsync(() => Task.FromResult(File.Exists(mark)), signal);
        File.Delete(mark);
    }

    /// <summary>Runs it again, where it was.</summary>
    public async Task StartAgainAsync()
    {
        await _process!.StandardInput.WriteLineAsync("start");
        await _process.StandardInput.FlushAsync();
        await UntilAsync(_answers, "start again");
    }

    /// <summary>Stops it, if it runs, and removes its folder.</summary>
    public void Dispose()
    {
        _process?.StandardInput.Close();
        _process?.WaitForExit(TimeSpan.FromSeconds(60));
        _process?.Dispose();
        _process = null;
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    /// <returns>True when it is answered with success.</returns>
    public static async Task<bool> AnswersHttpAsync(string address)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            using var response = await http.GetAsync(address);
            return response.IsSuccessStatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (_process!.HasExited || waited.Elapsed > StartTimeout)
                throw new InvalidOperationException($"The server did not {what}: {await File.ReadAllTextAsync(Path.Combine(Folder, "log"))}");
            await Task.Delay(20);
        }
    }

    private static string[] AsServer() => Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];

    private static async Task<bool> AnswersAsync(string connectionString)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await using var connection = await source.OpenConnectionAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Below those that the system gives to connections: while a server is away, none of them must take its port.</summary>
    public static int FreePort()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(15_000, 30_000));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    private static async Task RunAsync(string[] command)
    {
        using var process = Start(command);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)}: {await output}{await errors}");
    }

    private static Process Start(string[] command) =>
        Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
}
