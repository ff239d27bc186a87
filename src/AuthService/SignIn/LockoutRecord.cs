using System.Collections.Immutable;

namespace AuthService.SignIn;

/// <summary>May a password be judged for this name now?</summary>
internal abstract record LockoutVerdict
{
    private LockoutVerdict()
    {
    }

    /// <param name="Next">The record with this attempt in it, to be written before the password is judged.</param>
    internal sealed record Judge(LockoutRecord Next) : LockoutVerdict;

    /// <param name="Until">When the next attempt is judged.</param>
    /// <param name="Next">A record to be written, when the lock begins only now.</param>
    internal sealed record Locked(DateTimeOffset Until, LockoutRecord? Next = null) : LockoutVerdict;

    /// <summary>As many attempts as are allowed are being judged at this moment; what they show decides.</summary>
    internal sealed record Wait : LockoutVerdict;
}

/// <summary>
/// The recent sign-in attempts for one name. An attempt counts as failed from the moment it begins and is taken back
/// when it succeeds, so that of guesses made in parallel no more are judged than of guesses made one by one.
/// After a hundred failures in a row nothing is judged any more until the record is removed.
/// Pure and immutable: the moment is an argument, the result a new record.
/// </summary>
/// <param name="Attempts">When the attempts within the window began, the oldest first; never more than <see cref="AllowedFailures"/>.</param>
/// <param name="Judging">How many of them are being judged.</param>
/// <param name="Severity">How often the name was locked without an hour's peace in between.</param>
/// <param name="LockedUntil">The end of the last lock.</param>
internal sealed record LockoutRecord(ImmutableArray<DateTimeOffset> Attempts, int Judging, int Severity, DateTimeOffset? LockedUntil)
{
    public const int AllowedFailures = 5;
    public const int HighestSeverity = 5;

    /// <summary>NIST SP 800-63B-4 allows no more for one account.</summary>
    public const int AllowedFailuresInARow = 100;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan SeverityMemory = TimeSpan.FromHours(1);

    /// <summary>No judgement takes this long; an attempt that is older was cut off with its instance and stays a failure.</summary>
    public static readonly TimeSpan LongestJudgement = TimeSpan.FromMinutes(1);

    /// <summary>At severity 5.</summary>
    public static readonly TimeSpan LongestLock = TimeSpan.FromSeconds(Math.Pow(5, HighestSeverity));

    /// <summary>How long failures in a row of a name that nobody has are kept after the last one.</summary>
    public static readonly TimeSpan UnknownNameMemory = TimeSpan.FromDays(30);

    /// <summary>How long those of a known device are kept after the last one: by then it is known no more, unless it signed in.</summary>
    public static readonly TimeSpan DeviceMemory = Devices.KnownDevice.Lifetime;

    /// <summary>The end of the stop, which is none.</summary>
    public static readonly DateTimeOffset Never = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A stop shows as the longest lock: a stranger cannot tell them apart.</summary>
    public static TimeSpan RetryAfter(DateTimeOffset lockedUntil, DateTimeOffset now) => lockedUntil - now < LongestLock ? lockedUntil - now : LongestLock;

    public static readonly LockoutRecord Clean = new([], Judging: 0, Severity: 0, LockedUntil: null);

    /// <summary>Those since the last success, however long ago, and the attempts that are being judged.</summary>
    public int FailuresInARow { get; init; }

    /// <summary>Whether somebody has the name, as the last failure showed.</summary>
    public bool IsNameOfPrincipal { get; init; }

    /// <summary>Whether the failures are those of a known device, and not of a name.</summary>
    public bool IsOfDevice { get; init; }

    public bool IsStopped => LockedUntil == Never;

    /// <summary>After this moment the record says nothing that a clean one does not, or nobody has the name.</summary>
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

    /// <summary>The password was wrong: the attempt stays, and the last one allowed locks the name.</summary>
    public LockoutRecord Failed(DateTimeOffset now)
    {
        var judged = Recent(now) with { Judging = Math.Max(0, Judging - 1) };
        return judged.IsExhausted && judged.Judging == 0 && !IsStopped ? judged.Lock(now) : judged;
    }

    /// <summary>The password was right: the failures are forgotten, the attempts still being judged are not. It comes too late to lift a stop.</summary>
    public LockoutRecord Succeeded(DateTimeOffset now)
    {
        if (IsStopped)
            return this;
        var judging = Math.Max(0, Judging - 1);
        var recent = Recent(now);
        return recent with
        {
            Attempts = recent.Attempts[^Math.Min(judging, recent.Attempts.Length)..],
            Judging = judging,
            FailuresInARow = Math.Min(judging, FailuresInARow),
        };
    }

    /// <summary>
    /// The password was right on a known device, whose attempts are counted elsewhere. Failures are forgotten where an attempt for the name
    /// would have been judged as well, and nowhere else: whoever guesses gains no more by it than by a success of the name.
    /// </summary>
    /// <returns>Null when it changes nothing.</returns>
    public LockoutRecord? SucceededElsewhere(DateTimeOffset now) =>
        FailuresInARow > Judging && Begin(now) is LockoutVerdict.Judge(var attempt) ? attempt.Succeeded(now) : null;

    /// <summary>The caller hung up before the password was judged: that was no attempt.</summary>
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

    /// <summary>5 s, 25 s, 125 s, … for each lock within an hour of the one before; for good after too many failures in a row.</summary>
    private LockoutRecord Lock(DateTimeOffset now)
    {
        var severity = now - LockedUntil >= SeverityMemory ? 0 : Severity;
        var next = Math.Min(severity + 1, HighestSeverity);
        var until = FailuresInARow >= AllowedFailuresInARow ? Never : now + TimeSpan.FromSeconds(Math.Pow(5, next));
        return this with { Attempts = [], Judging = 0, Severity = next, LockedUntil = until };
    }
}
