namespace AuthService.Notices;

/// <summary>Section <c>Recovery</c>: who gets a new password by mail, and takes back what was done.</summary>
internal sealed class RecoveryOptions
{
    public const string Section = "Recovery";

    /// <summary>
    /// Whether an address counts that an administrator or an import has set and that nobody has confirmed. Whoever reads the mail of such an address can
    /// become the person. Where it does not count, notices to it have no "it wasn't me", which would confirm it, and one from before is refused.
    /// </summary>
    public bool TrustUnconfirmedAddresses { get; set; } = true;
}
