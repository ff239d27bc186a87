using System.Runtime.InteropServices;

namespace AuthService.Hosting;

/// <summary>
/// SIGTERM and SIGINT before the service is up: there is nothing to finish, so the process exits at once, with 0 as after any
/// other stop. Once it is up the host takes the signals. A migration that runs is a transaction and comes to nothing.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _signals;
    private volatile bool _isUp;

    private StopSignals() =>
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, ExitUnlessUp), PosixSignalRegistration.Create(PosixSignal.SIGINT, ExitUnlessUp)];

    public static StopSignals ExitUntilUp() => new();

    /// <summary>From now on the host stops the service, which first finishes what runs.</summary>
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
