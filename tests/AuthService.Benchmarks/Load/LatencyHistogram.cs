using System.Diagnostics;
using System.Numerics;

namespace AuthService.Benchmarks.Load;

/// <summary>Counts latencies in buckets with a width of 1/64 of their value, so that a percentile is exact to 1.6 %.</summary>
internal sealed class LatencyHistogram
{
    private const int BucketBits = 6;
    private const int BucketsPerOctave = 1 << BucketBits;

    private readonly long[] _counts = new long[64 * BucketsPerOctave];

    public long Count { get; private set; }

    /// <summary>Adds one latency, given in ticks of <see cref="Stopwatch"/>.</summary>
    public void Add(long stopwatchTicks)
    {
        _counts[Bucket(Math.Max(stopwatchTicks, 0))]++;
        Count++;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
    }

    /// <summary>Returns the latency that this share (0 to 1) of all does not exceed; zero when there are none.</summary>
    public TimeSpan Percentile(double share)
    {
        var wanted = (long)Math.Ceiling(share * Count);
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted && seen > 0)
                return Stopwatch.GetElapsedTime(0, UpperEdge(i));
        }

        return TimeSpan.Zero;
    }

    // Below 64 ticks a bucket is one tick wide; above, each octave has 64 buckets.
    private static int Bucket(long ticks)
    {
        var octave = Math.Max(BitOperations.Log2((ulong)ticks) - BucketBits, 0);
        return octave * BucketsPerOctave + (int)(ticks >> octave);
    }

    // Values of octave n > 0 are in [64, 128) after the shift, so its buckets begin at (n + 1) * 64.
    private static long UpperEdge(int bucket)
    {
        var octave = Math.Max(bucket / BucketsPerOctave - 1, 0);
        return ((long)(bucket - octave * BucketsPerOctave) + 1 << octave) - 1;
    }
}
