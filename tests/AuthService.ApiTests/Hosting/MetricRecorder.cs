using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace AuthService.ApiTests.Hosting;

/// <summary>Records the metrics of one instance: the sums of counters, the last values of gauges, and how often a histogram was recorded.</summary>
public sealed class MetricRecorder : IDisposable
{
    private readonly ConcurrentDictionary<string, double> _series = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    internal MetricRecorder(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name.StartsWith("authservice.", StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All series so far, for example <c>authservice.sign_in.attempts{outcome=wrong}</c>.</summary>
    public IEnumerable<string> Series => _series.Keys;

    /// <param name="series">A name without <c>authservice.</c>. The value is zero when nothing was recorded.</param>
    public double this[string series] => _series.GetValueOrDefault($"authservice.{series}");

    /// <summary>Reads an observable instrument, which is asked for its value.</summary>
    public double Observe(string series)
    {
        _listener.RecordObservableInstruments();
        return this[series];
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = tags.IsEmpty ? instrument.Name : $"{instrument.Name}{{{string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}}";
        _series.AddOrUpdate(series, Next(0), (_, before) => Next(before));

        double Next(double before) => instrument switch
        {
            Gauge<long> or Gauge<double> or { IsObservable: true } => value,
            Histogram<double> => before + 1,
            _ => before + value,
        };
    }
}
