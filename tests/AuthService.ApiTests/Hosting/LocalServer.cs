using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// A server with its own folder and port. When the tests run as root, it runs as user postgres, because PostgreSQL and PgBouncer refuse to run as
/// root.
/// </summary>
internal sealed class LocalServer : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);

    private Process? _process;
    private Func<Task<bool>> _answers = () => Task.FromResult(true);

    private LocalServer(string folder) => Folder = folder;

    /// <summary>
    /// A script that stops the server when its standard input closes. The operating system closes it however the test run ends, so a test run that is
    /// killed leaves no server and no folder. Each line of input is "start" or the name of a signal: STOP and CONT pause and continue the server,
    /// others end it. An ended server gets no signal, because its process id may belong to another process by then. A PostgreSQL that the server
    /// started in the same folder, as Patroni does, gets the same signals. WAKE continues only that PostgreSQL.
    /// </summary>
    private const string ServeUntilInputEnds =
        """
        folder=$1 stop=$2
        shift 2
        exec > "$folder/log" 2>&1
        trap '' INT TERM HUP
        database() {
          local postmaster=
          read -r postmaster 2>/dev/null < "$folder/data/postmaster.pid"
          echo "$postmaster" $([[ -z $postmaster ]] || ps -o pid= --ppid "$postmaster")
        }
        all() { echo "$server" $(database); }
        "$@" &
        server=$!
        while read -r line; do
          case $line in
            start) "$@" & server=$!; continue ;;
            STOP) kill -s STOP $(all); kill -s STOP $(all) ;;
            CONT) kill -s CONT $(all) ;;
            WAKE) kill -s CONT $(database) ;;
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

    /// <summary>Creates the folder. It belongs to the user of the server process.</summary>
    public static async Task<LocalServer> PrepareAsync(string name)
    {
        var folder = Directory.CreateTempSubdirectory($"authservice-{name}-").FullName;
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "postgres", folder);
        return new LocalServer(folder);
    }

    /// <summary>Runs a command as the user of the server and waits for its end.</summary>
    public static Task RunAsServerAsync(params string[] command) => RunAsync([.. AsServer(), .. command]);

    /// <summary>Runs a command and waits for its end.</summary>
    public static async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)}: {await output}{await errors}");
    }

    /// <summary>Starts the server and waits until it answers at its address.</summary>
    /// <param name="stopSignal">The signal that makes the server stop at once.</param>
    /// <param name="connectionString">The address of the server.</param>
    /// <param name="command">The program and its arguments.</param>
    public Task StartAsync(string stopSignal, string connectionString, params string[] command) =>
        StartAsync(stopSignal, () => AnswersAsync(connectionString), command);

    /// <summary>Starts the server and waits until it answers.</summary>
    /// <param name="stopSignal">The signal that makes the server stop at once.</param>
    /// <param name="answers">Checks whether the server answers.</param>
    /// <param name="command">The program and its arguments.</param>
    public async Task StartAsync(string stopSignal, Func<Task<bool>> answers, params string[] command)
    {
        _answers = answers;
        _process = Start([.. AsServer(), "bash", "-c", ServeUntilInputEnds, "serve", Folder, stopSignal, .. command]);
        await UntilAsync(answers, "start");
    }

    /// <summary>Sends a signal that ends the server, which keeps its folder, or that pauses or continues it.</summary>
    /// <param name="signal">The name of the signal: INT, QUIT, STOP, CONT, …</param>
    public async Task SignalAsync(string signal)
    {
        var mark = Path.Combine(Folder, "signalled");
        await _process!.StandardInput.WriteLineAsync(signal);
        await _process.StandardInput.FlushAsync();
        await UntilAsync(() => Task.FromResult(File.Exists(mark)), signal);
        File.Delete(mark);
    }

    /// <summary>Starts the server again, in the same folder and on the same port.</summary>
    public async Task StartAgainAsync()
    {
        await _process!.StandardInput.WriteLineAsync("start");
        await _process.StandardInput.FlushAsync();
        await UntilAsync(_answers, "start again");
    }

    /// <summary>Stops the server if it runs, and removes its folder.</summary>
    public void Dispose()
    {
        _process?.StandardInput.Close();
        _process?.WaitForExit(TimeSpan.FromSeconds(60));
        _process?.Dispose();
        _process = null;
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    /// <returns>True when the response has a status of success.</returns>
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

    /// <summary>Finds a free port below those that the system gives to connections. While a server is stopped, no connection may take its port.</summary>
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
                // The port is in use.
            }
        }
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
