namespace AuthService.Signals;

/// <summary>The result of one push.</summary>
internal abstract record PushOutcome
{
    private PushOutcome()
    {
    }

    /// <summary>The receiver answered 202: it has the SET (RFC 8935, section 2.2).</summary>
    internal sealed record Taken : PushOutcome;

    /// <summary>The receiver answered 400 with a reason that concerns this SET: it does not accept it (RFC 8935, section 2.3).</summary>
    internal sealed record Refused(string Reason) : PushOutcome;

    /// <summary>The push had any other result. The SET and those after it are tried again.</summary>
    /// <param name="Reason">The reason in words.</param>
    /// <param name="RetryAfter">How long the receiver asks to wait; null when it does not.</param>
    internal sealed record PutOff(string Reason, TimeSpan? RetryAfter = null) : PushOutcome;
}
