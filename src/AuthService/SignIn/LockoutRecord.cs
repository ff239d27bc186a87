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

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan SeverityMemory = TimeSpan.FromHours(1);

    /// <summary>No judgement takes this long; an attempt that is older was cut off with its instance and stays a failure.</summary>
    public static readonly TimeSpan LongestJudgement = TimeSpan.FromMinutes(1);

    public static readonly LockoutRecord Clean = new([], Judging: 0, Severity: 0, LockedUntil: null);

    /// <summary>After this moment the record says nothing that a clean one does not.</summary>
    public DateTimeOffset ForgetAt
    {
        get
        {
            var attempts = Attempts.IsEmpty ? DateTimeOffset.MinValue : Attempts[^1] + Window;
            var severity = LockedUntil is { } until ? until + SeverityMemory : DateTimeOffset.MinValue;
            return attempts > severity ? attempts : severity;
        }
    }

    public LockoutVerdict Begin(DateTimeOffset now)
    {
        if (now < LockedUntil)
            return new LockoutVerdict.Locked(LockedUntil.Value);
        var recent = Recent(now);
        if (recent.Attempts.Length < AllowedFailures)
            return new LockoutVerdict.Judge(recent with { Attempts = recent.Attempts.Add(now), Judging = recent.Judging + 1 });
        if (recent.Judging > 0)
            return new LockoutVerdict.Wait();
        var locked = recent.Lock(now);
        return new LockoutVerdict.Locked(locked.LockedUntil!.Value, locked);
    }

    /// <summary>The password was wrong: the attempt stays, and the last one allowed locks the name.</summary>
    public LockoutRecord Failed(DateTimeOffset now)
    {
        var judged = Recent(now) with { Judging = Math.Max(0, Judging - 1) };
        return judged.Attempts.Length >= AllowedFailures && judged.Judging == 0 ? judged.Lock(now) : judged;
    }

    /// <summary>The password was right: the failures are forgotten, the attempts still being judged are not.</summary>
    public LockoutRecord Succeeded(DateTimeOffset now)
    {
        var judging = Math.Max(0, Judging - 1);
        var recent = Recent(now);
        return recent with { Attempts = recent.Attempts[^Math.Min(judging, recent.Attempts.Length)..], Judging = judging };
    }

    private LockoutRecord Recent(DateTimeOffset now)
    {
        var attempts = Attempts.RemoveAll(at => now - at >= Window);
        var nobodyJudges = attempts.IsEmpty || now - attempts[^1] >= LongestJudgement;
        return this with { Attempts = attempts, Judging = nobodyJudges ? 0 : Judging };
    }

    /// <summary>5 s, 25 s, 125 s, … for each lock within an hour of the one before.</summary>
    private LockoutRecord Lock(DateTimeOffset now)
    {
        var severity = now - LockedUntil >= SeverityMemory ? 0 : Severity;
        var next = Math.Min(severity + 1, HighestSeverity);
        return new LockoutRecord([], Judging: 0, next, now + TimeSpan.FromSeconds(Math.Pow(5, next)));
    }
}
