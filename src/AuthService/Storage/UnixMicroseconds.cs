using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AuthService.Storage;

/// <summary>
/// Stores a time as whole microseconds since 1970 (UTC) in a 64-bit integer. SQLite cannot compare a DateTimeOffset in SQL, and both stores must
/// decide expiry by the same comparison.
/// </summary>
internal sealed class UnixMicroseconds() : ValueConverter<DateTimeOffset, long>(moment => From(moment), value => To(value))
{
    public static long From(DateTimeOffset moment) => (moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Rounds a time to what the store will return, so that a response before the write and one after it agree.</summary>
    public static DateTimeOffset Rounded(DateTimeOffset moment) => To(From(moment));

    public static DateTimeOffset To(long value) => DateTimeOffset.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond);
}

/// <summary>Stores a duration as whole milliseconds.</summary>
internal sealed class Milliseconds() : ValueConverter<TimeSpan, long>(
    duration => duration.Ticks / TimeSpan.TicksPerMillisecond, value => TimeSpan.FromTicks(value * TimeSpan.TicksPerMillisecond));
