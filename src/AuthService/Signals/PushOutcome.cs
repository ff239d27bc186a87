namespace AuthService.Signals;

/// <summary>What became of one push.</summary>
internal abstract record PushOutcome
{
    private PushOutcome()
    {
    }

    /// <summary>202: the receiver has it (RFC 8935, section 2.2).</summary>
    internal sealed record Taken : PushOutcome;

    /// <summary>400 with a reason that is about this SET: the receiver will not have it (RFC 8935, section 2.3).</summary>
    internal sealed record Refused(string Reason) : PushOutcome;

    /// <summary>Anything else: it is tried again, and so are those behind it.</summary>
    /// <param name="Reason">In words.</param>
    /// <param name="RetryAfter">How long the receiver asks to be left alone.</param>
    internal sealed record PutOff(string Reason, TimeSpan? RetryAfter = null) : PushOutcome;
}
