namespace AuthService.ApiTests.Hosting;

/// <summary>The real clock, moved forward by tests; timers stay real, so that nothing has to wait for a test.</summary>
public sealed class TestClock : TimeProvider
{
    private readonly Lock _lock = new();
    private TimeSpan _offset;
    private DateTimeOffset? _frozenAt;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _frozenAt ?? DateTimeOffset.UtcNow + _offset;
    }

    /// <summary>Another clock, which goes on by itself, or stands still as this one does.</summary>
    public TestClock CreateAhead(TimeSpan by)
    {
        lock (_lock)
            return new TestClock { _offset = _offset + by, _frozenAt = _frozenAt + by };
    }

    public void Advance(TimeSpan by)
    {
        lock (_lock)
        {
            _offset += by;
            _frozenAt += by;
        }
    }

    /// <summary>
    /// Time stands still until the result is disposed, then goes on from where it stood: <c>using (clock.Freeze()) …</c>
    /// Within another freeze this one changes nothing, and neither does its end.
    /// </summary>
    public IDisposable Freeze()
    {
        lock (_lock)
        {
            if (_frozenAt is not null)
                return new Thaw(clock: null);
            _frozenAt = GetUtcNow();
            return new Thaw(this);
        }
    }

    private sealed class Thaw(TestClock? clock) : IDisposable
    {
        public void Dispose()
        {
            if (clock is null)
                return;
            lock (clock._lock)
            {
                if (clock._frozenAt is not { } stoodAt)
                    return;
                clock._offset = stoodAt - DateTimeOffset.UtcNow;
                clock._frozenAt = null;
            }
        }
    }
}
