namespace AuthService.Webhooks;

/// <summary>The outcomes of attempts, as the administration API, the log and the metric name them.</summary>
internal static class AttemptOutcome
{
    /// <summary>The receiver answered 2xx.</summary>
    public const string Delivered = "delivered";

    /// <summary>The receiver answered with another status. Redirects are not followed.</summary>
    public const string WrongStatus = "wrong_status";

    /// <summary>The receiver answered 410, because it wants no more deliveries.</summary>
    public const string Gone = "gone";

    /// <summary>The receiver did not answer in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>The receiver's name does not resolve, it accepts no connection, or the connection broke.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The receiver's certificate is not valid, or it does not speak TLS.</summary>
    public const string TlsFailed = "tls_failed";

    /// <summary>The receiver's name resolves to an address that is not allowed (<see cref="WebhookAddresses"/>); no connection was made.</summary>
    public const string AddressNotAllowed = "address_not_allowed";

    /// <summary>The key that encrypted the secret is not configured; nothing was sent.</summary>
    public const string KeyMissing = "encryption_key_missing";
}

/// <summary>The result of one attempt.</summary>
/// <param name="Outcome">One of <see cref="AttemptOutcome"/>.</param>
/// <param name="StatusCode">The status of the response; null when there was none.</param>
/// <param name="RetryAfter">How long the receiver asks to wait; null when it does not.</param>
internal sealed record AttemptResult(string Outcome, int? StatusCode = null, TimeSpan? RetryAfter = null)
{
    public bool IsSuccess => Outcome is AttemptOutcome.Delivered;

    /// <summary>Whether the failure is the receiver's; false when its cause is here.</summary>
    public bool CountsAgainstReceiver => Outcome is not (AttemptOutcome.Delivered or AttemptOutcome.KeyMissing);
}
