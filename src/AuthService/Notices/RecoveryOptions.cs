namespace AuthService.SignIn.Recovery;

/// <summary>Section <c>Recovery</c>: who gets a new password by mail.</summary>
internal sealed class RecoveryOptions
{
    public const string Section = "Recovery";

    /// <summary>
    /// Whether an address counts that an administrator or an import has set and that nobody has confirmed. Whoever reads the mail of such an address can
    /// become the person.
    /// </summary>
    public bool TrustUnconfirmedAddresses { get; set; } = true;
}
