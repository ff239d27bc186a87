namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>A condition that every deployment must meet.</summary>
/// <param name="Area">The part of the contract.</param>
/// <param name="Name">The condition, worded to follow the area.</param>
/// <param name="RunAsync">
/// Throws <see cref="CheckFailedException"/> if the condition is not met, and <see cref="CheckLeftOutException"/> if it cannot be tested.
/// </param>
internal sealed record Check(string Area, string Name, Func<Task> RunAsync);

internal enum Verdict
{
    Passed,
    LeftOut,
    Failed,
}

/// <param name="Check">The check that ran.</param>
/// <param name="Verdict">The result.</param>
/// <param name="Detail">The deviation, or the reason why the check was left out.</param>
internal sealed record CheckResult(Check Check, Verdict Verdict, string? Detail)
{
    public override string ToString() => $"{Mark} {Check.Area}: {Check.Name}{(Detail is null ? "" : $": {Detail}")}";

    private string Mark => Verdict switch
    {
        Verdict.Passed => "ok    ",
        Verdict.LeftOut => "note  ",
        _ => "FAILED",
    };
}

/// <summary>The deployment does not do what the contract says.</summary>
internal sealed class CheckFailedException : Exception
{
    public CheckFailedException()
    {
    }

    public CheckFailedException(string message)
        : base(message)
    {
    }

    public CheckFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <exception cref="CheckFailedException">The condition <paramref name="holds"/> is false.</exception>
    public static void Unless(bool holds, string message)
    {
        if (!holds)
            throw new CheckFailedException(message);
    }
}

/// <summary>The deployment is not set up for what the check needs.</summary>
internal sealed class CheckLeftOutException : Exception
{
    public CheckLeftOutException()
    {
    }

    public CheckLeftOutException(string message)
        : base(message)
    {
    }

    public CheckLeftOutException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
