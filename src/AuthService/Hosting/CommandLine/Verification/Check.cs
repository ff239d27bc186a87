namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>Something that must hold of every deployment.</summary>
/// <param name="Area">What it belongs to.</param>
/// <param name="Name">What must hold, as a sentence.</param>
/// <param name="RunAsync">
/// Throws <see cref="CheckFailedException"/> where it does not hold, <see cref="CheckLeftOutException"/> where it cannot be tried.
/// </param>
internal sealed record Check(string Area, string Name, Func<Task> RunAsync);

internal enum Verdict
{
    Passed,
    LeftOut,
    Failed,
}

/// <param name="Check">What was tried.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Detail">What was seen instead, or why it was left out.</param>
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

/// <summary>The deployment does something else than the contract says.</summary>
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

    /// <exception cref="CheckFailedException">Unless <paramref name="holds"/>.</exception>
    public static void Unless(bool holds, string message)
    {
        if (!holds)
            throw new CheckFailedException(message);
    }
}

/// <summary>The deployment has what the check needs not set up.</summary>
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
