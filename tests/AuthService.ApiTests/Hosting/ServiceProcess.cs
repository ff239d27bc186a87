using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace AuthService.ApiTests.Hosting;

/// <summary>The built service as a separate process, as it is deployed. <see cref="ServiceFolder.Start"/> creates it.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    internal ServiceProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data, _output);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data, _errors);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>A client without cookies and redirects. It has no address before <see cref="WaitUntilListeningAsync"/>.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false });

    /// <summary>Gets the address at which the service listens with this scheme, once it is ready.</summary>
    public Uri AddressOf(string scheme) => ListAddresses().First(address => address.Scheme == scheme);

    /// <summary>The lines of standard output so far: the log, and text for the person at the terminal.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>The lines of standard error so far.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public int Id => _process.Id;

    /// <summary>The memory that the process uses, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    private string Everything => string.Join('\n', [.. _output, .. _errors]);

    /// <summary>Waits until the service reads its settings, which is after its first line of code. Works only on Linux.</summary>
    public Task WaitUntilReadingSettingsAsync() => WaitAsync(
        async () => (await File.ReadAllTextAsync($"/proc/{_process.Id}/maps"))
            .Contains("Microsoft.Extensions.Configuration.Json.dll", StringComparison.Ordinal),
        "read settings");

    public async Task WaitUntilListeningAsync()
    {
        await WaitAsync(() => Task.FromResult(FindAddress() is not null), "listen");
        Http.BaseAddress ??= FindAddress();
    }

    /// <param name="client">A client that trusts the certificate of the service, if it has one.</param>
    public async Task WaitUntilReadyAsync(HttpClient? client = null)
    {
        await WaitUntilListeningAsync();
        await WaitAsync(IsReadyAsync, "get ready");

        async Task<bool> IsReadyAsync()
        {
            using var response = await (client ?? Http).GetAsync(new Uri(Http.BaseAddress!, "/health/ready"));
            return response.StatusCode is HttpStatusCode.OK;
        }
    }

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return response.StatusCode;
    }

    public Task<HttpResponseMessage> TryLoginAsync(string user, string password) => Http.TryLoginAsync(user, password);

    /// <summary>Sends SIGTERM, as an orchestrator does.</summary>
    public Task RequestStopAsync() => SignalAsync("TERM");

    /// <summary>Sends KILL, STOP or CONT. KILL needs no other process, which would start late on a busy machine.</summary>
    public async Task SignalAsync(string signal)
    {
        if (signal is "KILL")
        {
            _process.Kill();
            return;
        }

        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan atMost)
    {
        using var timeout = new CancellationTokenSource(atMost);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"The service did not exit within {atMost}:\n{Everything}", late);
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (_process.HasExited || waited.Elapsed > StartTimeout)
                throw new InvalidOperationException($"The service did not {what}:\n{Everything}");
            await Task.Delay(50);
        }
    }

    private Uri? FindAddress() => ListAddresses().FirstOrDefault();

    private IEnumerable<Uri> ListAddresses() =>
        _output.Select(line => ListeningLine().Match(line)).Where(match => match.Success).Select(match => new Uri(match.Groups["address"].Value));

    private static void Keep(string? line, ConcurrentQueue<string> lines)
    {
        if (line is not null)
            lines.Enqueue(line);
    }

    [GeneratedRegex(@"Now listening on: (?<address>https?://[^\s""\\]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ListeningLine();
}
