namespace AuthService.Signals;

/// <summary>The types of events that streams can be given, by their URIs (CAEP 1.0, section 3; RISC 1.0, section 2; SSF 1.0, section 8.1).</summary>
internal static class SignalEvents
{
    public const string SessionRevoked = $"{Caep}session-revoked";
    public const string CredentialChange = $"{Caep}credential-change";
    public const string TokenClaimsChange = $"{Caep}token-claims-change";
    public const string AccountDisabled = $"{Risc}account-disabled";
    public const string AccountEnabled = $"{Risc}account-enabled";
    public const string AccountPurged = $"{Risc}account-purged";

    /// <summary>Goes over a stream that asks for it, whatever types of events it was made for.</summary>
    public const string Verification = "https://schemas.openid.net/secevent/ssf/event-type/verification";

    public static readonly IReadOnlyList<string> Supported =
        [SessionRevoked, CredentialChange, TokenClaimsChange, AccountDisabled, AccountEnabled, AccountPurged];

    private const string Caep = "https://schemas.openid.net/secevent/caep/event-type/";
    private const string Risc = "https://schemas.openid.net/secevent/risc/event-type/";
}
