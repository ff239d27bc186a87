using AuthService.Principals;

namespace AuthService.Notices;

/// <summary>Section <c>Recovery</c>: which addresses may receive links for a new password and links to undo a change.</summary>
internal sealed class RecoveryOptions
{
    public const string Section = "Recovery";

    /// <summary>
    /// Whether an address counts that an administrator or an import has set and that nobody has confirmed. Anyone who reads the mail of such an address can
    /// take over the account. If it does not count, notices to it have no link "it wasn't me", which would confirm it, and older links are refused.
    /// </summary>
    public bool TrustUnconfirmedAddresses { get; set; } = true;

    /// <summary>Tells whether the address of the person, if there is one, counts.</summary>
    public bool CountsAddressOf(Principal person) => person.EmailVerifiedAt is not null || TrustUnconfirmedAddresses;
}
