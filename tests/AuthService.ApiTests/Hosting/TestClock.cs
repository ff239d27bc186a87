namespace AuthService.ApiTests.Hosting;

/// <summary>The real clock, which tests can move forward. Timers stay real, so that nothing has to wait for a test.</summary>
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

    /// <summary>Creates a separate clock that is ahead of this one. It is frozen if this one is frozen.</summary>
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
    /// Freezes the time until the result is disposed, then continues from there: <c>using (clock.Freeze()) …</c> A freeze within another one has no
    /// effect.
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
