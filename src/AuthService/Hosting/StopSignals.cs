using System.Runtime.InteropServices;

namespace AuthService.Hosting;

/// <summary>
/// Exits at once on SIGTERM or SIGINT before the service is up, because there is nothing to finish. The exit code is 0, as after any other stop. Once
/// the service is up, the host handles the signals. A migration that is running is a transaction and is rolled back.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _signals;
    private volatile bool _isUp;

    private StopSignals() =>
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, ExitUnlessUp), PosixSignalRegistration.Create(PosixSignal.SIGINT, ExitUnlessUp)];

    public static StopSignals ExitUntilUp() => new();

    /// <summary>Leaves the signals to the host as soon as the service is up. The host first finishes what is running.</summary>
    public void LeaveToHost(WebApplication app) => app.Lifetime.ApplicationStarted.Register(() => _isUp = true);

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
    }

    private void ExitUnlessUp(PosixSignalContext signal)
    {
        if (_isUp)
            return;
        signal.Cancel = true;
        Environment.Exit(0);
    }
}
