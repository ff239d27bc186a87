namespace AuthService.Applications;

internal abstract record ApplicationOutcome
{
    private ApplicationOutcome()
    {
    }

    internal sealed record Created(Application Application) : ApplicationOutcome;

    internal sealed record Changed(Application Application) : ApplicationOutcome;

    internal sealed record Unknown : ApplicationOutcome;

    /// <summary>Another application has this uid.</summary>
    internal sealed record UidInUse : ApplicationOutcome;
}
