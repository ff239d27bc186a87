using System.Diagnostics;
using System.Runtime.InteropServices;
using AuthService.Benchmarks.Run;

namespace AuthService.Benchmarks.Machine;

/// <summary>A process that the benchmark started, and ends by its id. The first and last lines of its output are kept to explain a failure.</summary>
internal sealed partial class OwnedProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int KeptLines = 10;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private readonly string _name;
    private readonly Process _process;
    private readonly List<string> _firstWords = [];
    private readonly Queue<string> _lastWords = new();

    private OwnedProcess(string name, Process process)
    {
        _name = name;
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static OwnedProcess Start(string name, ProcessStartInfo how)
    {
        how.RedirectStandardOutput = true;
        how.RedirectStandardError = true;
        how.RedirectStandardInput = true;
        var owned = new OwnedProcess(name, new Process { StartInfo = how });
        try
        {
            owned._process.Start();
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new BenchmarkException($"{name} cannot be started: {missing.Message}", missing);
        }

        owned._process.BeginOutputReadLine();
        owned._process.BeginErrorReadLine();
        return owned;
    }

    /// <summary>Polls until the process is ready. Throws when it ends first or takes too long.</summary>
    public async Task WaitUntilAsync(Func<CancellationToken, Task<bool>> isReady, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isReady(cancellationToken))
        {
            if (HasExited)
                throw new BenchmarkException($"{_name} ended with exit code {_process.ExitCode} before it was ready:\n{Words()}");
            if (Stopwatch.GetElapsedTime(started) > timeout)
                throw new BenchmarkException($"{_name} was not ready within {timeout.TotalSeconds:0} seconds:\n{Words()}");
            await Task.Delay(Look, cancellationToken);
        }
    }

    /// <summary>Sends a signal to this process only, and kills it when it does not end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
            _ = Kill(Id, SigTerm);

        using var patience = new CancellationTokenSource(StopTimeout);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;

        lock (_lastWords)
        {
            if (_firstWords.Count < KeptLines)
            {
                _firstWords.Add(line);
                return;
            }

            _lastWords.Enqueue(line);
            if (_lastWords.Count > KeptLines)
                _lastWords.Dequeue();
        }
    }

    private string Words()
    {
        lock (_lastWords)
            return string.Join('\n', _firstWords.Concat(_lastWords));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
