using System.Diagnostics.Metrics;

namespace AuthService.UnitTests;

/// <summary>Meters without a listener.</summary>
internal sealed class UnheardMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
