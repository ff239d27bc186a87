using System.Collections.Immutable;

namespace AuthService.SignIn;

/// <summary>Says whether a password may be judged for this name now.</summary>
internal abstract record LockoutVerdict
{
    private LockoutVerdict()
    {
    }

    /// <param name="Next">The record including this attempt. It must be written before the password is judged.</param>
    internal sealed record Judge(LockoutRecord Next) : LockoutVerdict;

    /// <param name="Until">The time from which attempts are judged again.</param>
    /// <param name="Next">The record to write when the lock begins with this attempt; otherwise null.</param>
    internal sealed record Locked(DateTimeOffset Until, LockoutRecord? Next = null) : LockoutVerdict;

    /// <summary>The allowed number of attempts is being judged at this moment; their results decide.</summary>
    internal sealed record Wait : LockoutVerdict;
}

/// <summary>
/// Holds the recent sign-in attempts for one name. An attempt counts as failed from the moment it begins, and is taken back when it succeeds.
/// Parallel guesses are therefore limited in the same way as guesses made one after the other.
/// After a hundred failures in a row no password is judged until the record is removed (a "stop").
/// The record is immutable: its methods take the current time and return a new record.
/// </summary>
/// <param name="Attempts">The start times of the attempts within the window, oldest first; at most <see cref="AllowedFailures"/>.</param>
/// <param name="Judging">How many of these attempts are being judged.</param>
/// <param name="Severity">The number of locks with less than an hour from the end of one to the start of the next.</param>
/// <param name="LockedUntil">The end of the last lock.</param>
internal sealed record LockoutRecord(ImmutableArray<DateTimeOffset> Attempts, int Judging, int Severity, DateTimeOffset? LockedUntil)
{
    public const int AllowedFailures = 5;
    public const int HighestSeverity = 5;

    /// <summary>The maximum that NIST SP 800-63B-4 allows for one account.</summary>
    public const int AllowedFailuresInARow = 100;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan SeverityMemory = TimeSpan.FromHours(1);

    /// <summary>No judgement takes this long. An older attempt was interrupted when its instance stopped; it remains a failure.</summary>
    public static readonly TimeSpan LongestJudgement = TimeSpan.FromMinutes(1);

    /// <summary>The lock at the highest severity.</summary>
    public static readonly TimeSpan LongestLock = TimeSpan.FromSeconds(Math.Pow(5, HighestSeverity));

    /// <summary>How long failures in a row for a name that no principal has are kept after the last one.</summary>
    public static readonly TimeSpan UnknownNameMemory = TimeSpan.FromDays(30);

    /// <summary>
    /// How long failures in a row of a known device are kept after the last one. By then the device is no longer known, unless it signed in.
    /// </summary>
    public static readonly TimeSpan DeviceMemory = Devices.KnownDevice.Lifetime;

    /// <summary>The end of a stop, which lasts until the record is removed.</summary>
    public static readonly DateTimeOffset Never = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Returns whether a lock, as long as it lasts, holds up a person. A stop, which does not end by itself, is for proofs by password alone.
    /// </summary>
    public static bool HoldsUp(DateTimeOffset? lockedUntil, bool byPassword) => lockedUntil is not null && (byPassword || lockedUntil != Never);

    /// <summary>Returns the time until the lock ends. A stop is reported as the longest lock, so that a stranger cannot tell them apart.</summary>
    public static TimeSpan RetryAfter(DateTimeOffset lockedUntil, DateTimeOffset now) => lockedUntil - now < LongestLock ? lockedUntil - now : LongestLock;

    public static readonly LockoutRecord Clean = new([], Judging: 0, Severity: 0, LockedUntil: null);

    /// <summary>The failures since the last success, without a time limit, plus the attempts that are being judged.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>Whether a principal has the name, as of the last failure.</summary>
    public bool IsNameOfPrincipal { get; init; }

    /// <summary>Whether the failures belong to a known device instead of a name.</summary>
    public bool IsOfDevice { get; init; }

    public bool IsStopped => LockedUntil == Never;

    /// <summary>Returns the time after which the record can be deleted: it then equals a clean record, or belongs to no principal or known device.</summary>
    public DateTimeOffset ForgetAt(DateTimeOffset now)
    {
        if (FailuresInARow > 0 && IsOfDevice)
            return now + DeviceMemory;
        if (FailuresInARow > 0)
            return IsNameOfPrincipal ? Never : now + UnknownNameMemory;
        var attempts = Attempts.IsEmpty ? DateTimeOffset.MinValue : Attempts[^1] + Window;
        var severity = LockedUntil is { } until ? until + SeverityMemory : DateTimeOffset.MinValue;
        return attempts > severity ? attempts : severity;
    }

    public LockoutVerdict Begin(DateTimeOffset now)
    {
        if (now < LockedUntil)
            return new LockoutVerdict.Locked(LockedUntil.Value);
        var recent = Recent(now);
        if (!recent.IsExhausted)
        {
            return new LockoutVerdict.Judge(
                recent with { Attempts = recent.Attempts.Add(now), Judging = recent.Judging + 1, FailuresInARow = FailuresInARow + 1 });
        }

        if (recent.Judging > 0)
            return new LockoutVerdict.Wait();
        var locked = recent.Lock(now);
        return new LockoutVerdict.Locked(locked.LockedUntil!.Value, locked);
    }

    /// <summary>Records that the password was wrong. The attempt stays, and the last allowed failure locks the name.</summary>
    public LockoutRecord Failed(DateTimeOffset now)
    {
        var judged = Recent(now) with { Judging = Math.Max(0, Judging - 1) };
        return judged.IsExhausted && judged.Judging == 0 && !IsStopped ? judged.Lock(now) : judged;
    }

    /// <summary>
    /// Records that the password was right. Earlier failures are removed; attempts that are still being judged stay. It does not lift a stop.
    /// </summary>
    public LockoutRecord Succeeded(DateTimeOffset now)
    {
        if (IsStopped)
            return this;
        var judging = Math.Max(0, Judging - 1);
        var recent = Recent(now);
        var others = recent.Attempts.IsEmpty ? recent.Attempts : recent.Attempts[..^1]; // those that are never judged must become older than the others
        return recent with
        {
            Attempts = others[^Math.Min(judging, others.Length)..],
            Judging = judging,
            FailuresInARow = Math.Min(judging, FailuresInARow),
        };
    }

    /// <summary>
    /// Records a right password from a known device, which has a record of its own. Failures are removed only if an attempt for the name would be judged now.
    /// A guesser therefore gains no more from it than from a success of the name.
    /// </summary>
    /// <returns>The new record; null when nothing changes.</returns>
    public LockoutRecord? SucceededElsewhere(DateTimeOffset now) =>
        FailuresInARow > Judging && Begin(now) is LockoutVerdict.Judge(var attempt) ? attempt.Succeeded(now) : null;

    /// <summary>Takes an attempt back because the request was aborted before the password was judged.</summary>
    public LockoutRecord Withdrawn(DateTimeOffset now)
    {
        var recent = Recent(now);
        return recent.Judging > 0
            ? recent with { Attempts = recent.Attempts[..^1], Judging = recent.Judging - 1, FailuresInARow = FailuresInARow - 1 }
            : recent;
    }

    public string ToAuditText() => IsStopped
        ? $"after {FailuresInARow} failures in a row, until there is a new password or an unlock"
        : $"until {LockedUntil:O}, severity {Severity}";

    private bool IsExhausted => Attempts.Length >= AllowedFailures || FailuresInARow >= AllowedFailuresInARow;

    private LockoutRecord Recent(DateTimeOffset now)
    {
        var attempts = Attempts.RemoveAll(at => now - at >= Window);
        var nobodyJudges = attempts.IsEmpty || now - attempts[^1] >= LongestJudgement;
        return this with { Attempts = attempts, Judging = nobodyJudges ? 0 : Judging };
    }

    /// <summary>
    /// Locks for 5 s, 25 s, 125 s and so on: each lock within an hour of the one before it is longer. After too many failures in a row the lock has no end.
    /// </summary>
    private LockoutRecord Lock(DateTimeOffset now)
    {
        var severity = now - LockedUntil >= SeverityMemory ? 0 : Severity;
        var next = Math.Min(severity + 1, HighestSeverity);
        var until = FailuresInARow >= AllowedFailuresInARow ? Never : now + TimeSpan.FromSeconds(Math.Pow(5, next));
        return this with { Attempts = [], Judging = 0, Severity = next, LockedUntil = until };
    }
}
