using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace AuthService.ApiTests.Hosting;

/// <summary>The built service as a process of its own, as it is deployed; made by <see cref="ServiceFolder.Start"/>.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

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

    /// <summary>Without cookies, without redirects. Has no address before <see cref="WaitUntilListeningAsync"/>.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false });

    /// <summary>The lines of standard output so far: the log and what is meant for the person at the terminal.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>The lines of standard error so far.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public int Id => _process.Id;

    /// <summary>In bytes: what it holds of the machine's memory.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    private string Everything => string.Join('\n', [.. _output, .. _errors]);

    public async Task WaitUntilListeningAsync()
    {
        await WaitAsync(() => Task.FromResult(FindAddress() is not null), "listen");
        Http.BaseAddress ??= FindAddress();
    }

    public async Task WaitUntilReadyAsync()
    {
        await WaitUntilListeningAsync();
        await WaitAsync(async () => await StatusAsync("/health/ready") is HttpStatusCode.OK, "get ready");
    }

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return response.StatusCode;
    }

    /// <summary>A sign-in for the login service "app".</summary>
    public Task<HttpResponseMessage> TryLoginAsync(string user, string password) => Http.SendAsync(new(HttpMethod.Post, "/auth/login")
    {
        Content = new FormUrlEncodedContent([new("username", user), new("password", password), new("service", "app")]),
        Headers = { { "Accept", "application/json" } },
    });

    /// <summary>SIGTERM, as an orchestrator sends it.</summary>
    public Task AskToStopAsync() => SignalAsync("TERM");

    /// <summary>KILL, STOP or CONT: what happens to processes.</summary>
    public async Task SignalAsync(string signal)
    {
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

    private Uri? FindAddress() => _output.Select(line => ListeningLine().Match(line)).FirstOrDefault(match => match.Success) is { } found
        ? new Uri(found.Groups["address"].Value)
        : null;

    private static void Keep(string? line, ConcurrentQueue<string> lines)
    {
        if (line is not null)
            lines.Enqueue(line);
    }

    [GeneratedRegex(@"Now listening on: (?<address>https?://[^\s""\\]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ListeningLine();
}
