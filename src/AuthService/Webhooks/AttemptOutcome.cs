namespace AuthService.Webhooks;

/// <summary>How attempts end, as the administration API, the log and the metric call it.</summary>
internal static class AttemptOutcome
{
    /// <summary>The receiver answered 2xx.</summary>
    public const string Delivered = "delivered";

    /// <summary>It answered something else. Redirects are not followed.</summary>
    public const string WrongStatus = "wrong_status";

    /// <summary>It answered 410: it wants nothing any more.</summary>
    public const string Gone = "gone";

    /// <summary>It did not answer in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>Its name does not resolve, it takes no connection, or the connection broke.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Its certificate is not good, or it speaks no TLS.</summary>
    public const string TlsFailed = "tls_failed";

    /// <summary>Its name resolves to what is refused (<see cref="WebhookAddresses"/>); no connection was made.</summary>
    public const string AddressNotAllowed = "address_not_allowed";

    /// <summary>The key that the secret was sealed with is not configured; nothing was sent.</summary>
    public const string KeyMissing = "encryption_key_missing";
}

/// <summary>What came of one attempt.</summary>
/// <param name="Outcome">One of <see cref="AttemptOutcome"/>.</param>
/// <param name="StatusCode">Null when there was no answer.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone.</param>
internal sealed record AttemptResult(string Outcome, int? StatusCode = null, TimeSpan? RetryAfter = null)
{
    public bool IsSuccess => Outcome is AttemptOutcome.Delivered;

    /// <summary>False of what is wrong here and not there.</summary>
    public bool CountsAgainstReceiver => Outcome is not (AttemptOutcome.Delivered or AttemptOutcome.KeyMissing);
}
